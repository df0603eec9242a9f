/** Policies that differ from a given one in their weights only. */
import { readPolicy } from '#contracts';
import type { Policy } from '#domain';
import type { Chance } from '#testing';

/** Everything that is a weight of a signal; the tiers, caps and rules around them stay. */
const IS_WEIGHT = /decibans$/i;

/** The policy with every weight of `signals` rewritten. Throws where that is no policy any more. */
export function reweighed(
  policy: Policy,
  rewrite: (decibans: number, path: string) => number,
): Policy {
  const { digest: _digest, ...content } = policy;
  const signals = walk(content.signals, 'signals', rewrite);
  const read = readPolicy(JSON.stringify({ ...content, signals }));
  if (read.ok) return read.policy;
  const [first] = read.problems;
  throw new Error(`no policy: ${first?.path} ${first?.message}`);
}

function walk(
  json: unknown,
  path: string,
  rewrite: (decibans: number, path: string) => number,
): unknown {
  if (Array.isArray(json)) return json.map((one, i) => walk(one, `${path}[${i}]`, rewrite));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => {
      const at = `${path}.${name}`;
      const isWeight = typeof value === 'number' && IS_WEIGHT.test(name);
      return [name, isWeight ? rewrite(value, at) : walk(value, at, rewrite)];
    }),
  );
}

/** Where the weights stand in the policy. */
export function weightPaths(policy: Policy): readonly string[] {
  const paths: string[] = [];
  reweighed(policy, (decibans, path) => {
    paths.push(path);
    return decibans;
  });
  return paths;
}

/** Each weight by a factor of its own, evenly within 1 ± `share`. */
export function jittered(policy: Policy, share: number, chance: Chance): Policy {
  return reweighed(policy, (decibans) => decibans * (1 + share * (2 * chance.fraction() - 1)));
}
