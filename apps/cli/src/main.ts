/** `lengjing`: start, replay, convert, send, simulate, evaluate, digest-code. One line per error; 2 for a usage mistake, 1 for anything else. */
import { isAbsolute, resolve } from 'node:path';
import type { Command } from './command.ts';
import { CommandFailed, UsageError } from './usage.ts';

const COMMANDS: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
  start: () => import('./commands/start.ts'),
  prepare: () => import('./commands/prepare.ts'),
  reconcile: () => import('./commands/reconcile.ts'),
  replay: () => import('./commands/replay.ts'),
  convert: () => import('./commands/convert.ts'),
  send: () => import('./commands/send.ts'),
  policy: () => import('./commands/policy.ts'),
  'shadow-report': () => import('./commands/shadow-report.ts'),
  simulate: () => import('./commands/simulate.ts'),
  evaluate: () => import('./commands/evaluate.ts'),
  notices: () => import('./commands/notices.ts'),
  'digest-code': () => import('./commands/digest-code.ts'),
  audit: () => import('./commands/audit.ts'),
};

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...args] = argv;
  if (name === undefined || name === 'help' || name === '--help') {
    process.stdout.write(await helpText());
    return name === undefined ? 2 : 0;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) {
    throw new UsageError(
      `there is no command ${name}; one of: ${Object.keys(COMMANDS).join(', ')}`,
    );
  }
  const { command } = await load();
  if (args.includes('--help')) {
    process.stdout.write(`${(await command.helpOf?.(args)) ?? command.help}\n`);
    return 0;
  }
  return command.run(args, { env: process.env, fileOf });
}

/** Paths are relative to where the person stands, which npm hides behind INIT_CWD. */
function fileOf(path: string): string {
  return isAbsolute(path) ? path : resolve(process.env['INIT_CWD'] ?? process.cwd(), path);
}

async function helpText(): Promise<string> {
  const lines = ['lengjing 冷静 — usage: lengjing COMMAND …, lengjing COMMAND --help', ''];
  for (const [name, load] of Object.entries(COMMANDS)) {
    const { command } = await load();
    lines.push(`  ${name.padEnd(14)} ${command.summary}`);
  }
  return `${lines.join('\n')}\n`;
}

/** A reader that closed the pipe has seen enough. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError || isParseArgsError(error)) {
    // Node explains some mistakes in several lines.
    process.stderr.write(`lengjing: ${error.message.replaceAll('\n', ' ')}\n`);
    process.exitCode = 2;
  } else if (error instanceof CommandFailed) {
    process.stderr.write(`lengjing: ${error.message}\n`);
    process.exitCode = 1;
  } else {
    throw error;
  }
}

function isParseArgsError(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS');
}
