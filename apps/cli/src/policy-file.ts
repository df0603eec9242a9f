/** The policy that a person names, or the one that comes with the program. */
import { readFile } from 'node:fs/promises';
import { defaultPolicy, readPolicy } from '#contracts';
import type { Policy } from '#domain';
import { CommandFailed } from './usage.ts';

/** Throws `CommandFailed` naming line and reason of the first problem, and how many there are. */
export async function policyOf(path: string | undefined): Promise<Policy> {
  if (path === undefined) return defaultPolicy();
  const text = await readFile(path, 'utf8').catch(() => {
    throw new CommandFailed(`the policy ${path} cannot be read: give the path of a policy file`);
  });
  const read = readPolicy(text);
  if (read.ok) return read.policy;
  const [first] = read.problems;
  const more = read.problems.length > 1 ? ` (and ${read.problems.length - 1} more)` : '';
  throw new CommandFailed(`${path}:${first?.line}: ${first?.path} ${first?.message}${more}`);
}
