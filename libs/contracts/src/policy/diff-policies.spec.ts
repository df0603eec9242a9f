/** What another policy would do differently, in words. */
import { describe, expect, it } from '@jest/globals';
import type { Json, Policy } from '#domain';
import { diffPolicies } from './diff-policies.ts';
import { defaultPolicy, defaultPolicyText, readPolicy } from './read-policy.ts';

type Content = { [name: string]: Json };

function policyWith(change: (content: Content) => void): Policy {
  const content = JSON.parse(defaultPolicyText()) as Content;
  change(content);
  const read = readPolicy(JSON.stringify(content));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.policy;
}

function at(content: Content, path: string): { parent: Content; name: string } {
  const names = path.split('.');
  const parent = names.slice(0, -1).reduce<Content>((node, name) => node[name] as Content, content);
  return { parent, name: names.at(-1) as string };
}

const wordsOf = (path: string, value: Json): string[] => {
  const after = policyWith((content) => {
    const { parent, name } = at(content, path);
    parent[name] = value;
  });
  return diffPolicies(defaultPolicy(), after).map(({ words }) => words);
};

describe('the difference of two policies', () => {
  it.each<readonly [string, Json, string]>([
    ['tiers.T3', 32, 'T3 begins at 32 dB instead of 30: fewer payments reach it'],
    ['tiers.T3', 28, 'T3 begins at 28 dB instead of 30: more payments reach it'],
    ['mode', 'shadow', 'mode: shadow instead of live: everything is decided and nothing is held'],
    ['caps.CR', 30, 'the family CR adds at most 30 dB instead of 26'],
    [
      'signals.PY1.decibans',
      6,
      'PY1 (the first payment to this payee): 6 dB instead of 5: weighs more',
    ],
    [
      'signals.PY1.decibans',
      0,
      'PY1 (the first payment to this payee): 0 dB instead of 5: is switched off',
    ],
    [
      'signals.M5.decibans',
      -10,
      'M5 (a declared contact): -10 dB instead of -18: speaks less for the payer',
    ],
    [
      'signals.CR1.steps.1.decibans',
      10,
      'CR1 (money just borrowed is sent on), step 2: 10 dB instead of 9: weighs more',
    ],
    [
      'windows.evidenceHours',
      96,
      'windows.evidenceHours (how long evidence is kept per payer): 96 h instead of 72 h',
    ],
    [
      'listedPayees',
      ['mule-1'],
      'listedPayees (account tokens on an authority or industry list): adds “mule-1”',
    ],
    [
      'codes.priceEndings',
      ['99', '98', '88', '68'],
      'codes.priceEndings (last two digits that prices have): drops “66”',
    ],
    [
      'fallbacks.inputRefused',
      'T2',
      'fallbacks.inputRefused (tier of refused input whose ids can be read): T2 instead of T1',
    ],
  ])('in %s says so', (path, value, words) => {
    expect(wordsOf(path, value)).toEqual([words]);
  });

  it('is nothing where both say the same', () => {
    expect(
      diffPolicies(
        defaultPolicy(),
        policyWith(() => undefined),
      ),
    ).toEqual([]);
  });

  it('of a catalogue names what comes and goes', () => {
    const after = policyWith((content) => {
      const catalogue = content['catalogue'] as Json[];
      catalogue.pop();
      catalogue.push({ lender: 'new', product: 'loan', zh: '新贷', en: 'New' });
    });
    expect(diffPolicies(defaultPolicy(), after).map(({ words }) => words)).toEqual([
      'catalogue (how credit products are called in texts): adds new/loan (新贷, New) and drops webank/weilidai (微粒贷, Weilidai)',
    ]);
  });

  it('is told the other way round too, for every number there is', () => {
    const numbers = leaves(JSON.parse(defaultPolicyText()) as Json);
    expect(numbers.length).toBeGreaterThan(90);
    for (const path of numbers) {
      const content = JSON.parse(defaultPolicyText()) as Content;
      const { parent, name } = at(content, path);
      const before = parent[name] as number;
      parent[name] = before + 1;
      // Not every number is a policy's, but every one that differs is told.
      const after = { ...(content as object as Policy), digest: '' };
      const [there] = diffPolicies(defaultPolicy(), after);
      const [back] = diffPolicies(after, defaultPolicy());
      expect(there?.words).toContain(' instead of ');
      expect(back?.path).toBe(there?.path);
      expect(back?.words).not.toBe(there?.words);
    }
  });
});

/** Dotted paths of the numbers outside of lists of plain values. */
function leaves(value: Json, path = ''): string[] {
  if (typeof value === 'number') return [path];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return [];
  return Object.entries(value).flatMap(([name, inner]: [string, Json]) =>
    leaves(inner, path === '' ? name : `${path}.${name}`),
  );
}
