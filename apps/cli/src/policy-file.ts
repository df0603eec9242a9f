/** The policy of `--policy`, its problems told as a command tells them. */
import { loadPolicy } from '#contracts';
import type { Policy } from '#domain';
import { CommandFailed } from './usage.ts';

/** Throws `CommandFailed`. */
export function policyOf(path: string | undefined): Policy {
  try {
    return loadPolicy(path);
  } catch (error) {
    throw new CommandFailed(error instanceof Error ? error.message : 'the policy cannot be read');
  }
}
