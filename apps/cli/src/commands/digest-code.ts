/** `lengjing digest-code`: what a producer must send for a code, to test against (CONTRACT, Codes). */
import { parseArgs } from 'node:util';
import { digestCode, readCodeKeys } from '#contracts';
import type { Command, CommandContext } from '../command.ts';
import { CommandFailed, UsageError } from '../usage.ts';

export const command: Command = {
  summary: 'print the digests of a code, for producers to test against',
  help: `lengjing digest-code --code-id ID --code DIGITS [--key-id KEY]

Prints digests[] of code.observed for a code: the whole code and every proper prefix of at least four digits.
The key comes from LENGJING_CODE_KEY (key id "default") or from LENGJING_CODE_KEYS (JSON: key id to key).
Use invented codes only: what is typed here stands in the shell's history.`,
  async run(args, { env }) {
    const { values, positionals } = parseArgs({
      args: [...args],
      // Node would quote what it does not expect, and that is the code.
      allowPositionals: true,
      options: {
        'code-id': { type: 'string' },
        code: { type: 'string' },
        'key-id': { type: 'string', default: 'default' },
      },
    });
    const { code, 'code-id': codeId, 'key-id': keyId } = values;
    if (code === undefined || codeId === undefined || positionals.length > 0) {
      throw new UsageError('digest-code needs --code-id and --code, and nothing else');
    }
    const key = keyOf(env, keyId);
    try {
      process.stdout.write(`${JSON.stringify(digestCode({ codeId, code, key }), null, 2)}\n`);
    } catch (error) {
      if (error instanceof RangeError) throw new UsageError(error.message);
      throw error;
    }
    return 0;
  },
};

function keyOf(env: CommandContext['env'], keyId: string): string {
  const key = keysOf(env).get(keyId);
  if (key !== undefined) return key;
  throw new CommandFailed(`there is no key ${keyId}: set LENGJING_CODE_KEY or LENGJING_CODE_KEYS`);
}

/** Throws `CommandFailed` with the line that names the variable. */
function keysOf(env: CommandContext['env']): ReadonlyMap<string, string> {
  try {
    return readCodeKeys(env);
  } catch (error) {
    throw new CommandFailed(
      error instanceof Error ? error.message : 'the code keys cannot be read',
    );
  }
}
