/** The policy that a person names, or the one that comes with the program. */
import { readFileSync } from 'node:fs';
import type { Policy } from '#domain';
import { defaultPolicy, readPolicy } from './read-policy.ts';

/** Throws an `Error` of one line: the file and line of the first problem, its reason, and how many more there are. */
export function loadPolicy(path: string | undefined): Policy {
  if (path === undefined) return defaultPolicy();
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new Error(`the policy ${path} cannot be read: give the path of a policy file`);
  }
  const read = readPolicy(text);
  if (read.ok) return read.policy;
  const [first] = read.problems;
  const more = read.problems.length > 1 ? ` (and ${read.problems.length - 1} more)` : '';
  throw new Error(`${path}:${first?.line}: ${first?.path} ${first?.message}${more}`);
}
