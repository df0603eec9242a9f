/** `lengjing replay`: decides a file of events without any server, with the engine's own code. */
import { parseArgs } from 'node:util';
import { Replay } from '#application';
import { assessmentEvent, defaultNotices, makeCodeBook, readCodeKeys, readLine } from '#contracts';
import type { DecisionBody, DecisionPersonal, EntryDraft, Policy } from '#domain';
import type { Command, CommandContext } from '../command.ts';
import { NODE_HASHING } from '#config';
import { policyOf } from '../policy-file.ts';
import { Progress } from '../progress.ts';
import { LineWriter, forEachLine } from '../text-lines.ts';
import { UsageError } from '../usage.ts';

export const command: Command = {
  summary: 'decide a file of events without any server',
  help: `lengjing replay [--policy FILE] FILE…

Reads JSON Lines of input events (structured CloudEvents) in the order given, "-" for standard input, and
prints one assessment.made event per line, superseding ones too. Lines that cannot be taken go to standard
error with their number and reason; the rest continues, and the exit status is 1.

  --policy FILE   decide under this policy instead of the one that comes with the program

LENGJING_CODE_KEY or LENGJING_CODE_KEYS hold the keys of the code digests.`,
  async run(args, context) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { policy: { type: 'string' } },
    });
    if (positionals.length === 0)
      throw new UsageError('replay needs a file, or - for standard input');
    const policy = policyOf(values.policy && context.fileOf(values.policy));
    return replayFiles(positionals, policy, context);
  },
};

async function replayFiles(
  paths: readonly string[],
  policy: Policy,
  { env, fileOf }: CommandContext,
): Promise<number> {
  const codeBook = makeCodeBook(readCodeKeys(env));
  const replay = new Replay({ policy, notices: defaultNotices(), codeBook }, NODE_HASHING);
  const out = new LineWriter(process.stdout);
  const progress = new Progress('events');
  let bad = 0;
  for (const path of paths) {
    const name = path === '-' ? 'standard input' : path;
    await forEachLine(
      path === '-' ? path : fileOf(path),
      (line, number) => {
        const taken = take(replay, line, number);
        if (typeof taken !== 'string') return writeAll(out, taken);
        bad += 1;
        process.stderr.write(`${name}: ${taken}\n`);
        return undefined;
      },
      (count) => progress.add(count),
    );
  }
  await out.flush();
  progress.end();
  return bad === 0 ? 0 : 1;
}

/** The assessments that came of a line, or why it could not be taken. */
function take(replay: Replay, line: string, number: number): readonly string[] | string {
  const read = readLine(line, number);
  if (read.kind === 'ignored') return [];
  if (read.kind === 'refused') return read.reason;
  const result = replay.offer(read.event, read.contentHash);
  if (result.kind === 'conflict') {
    return `line ${number}: another request with this source, kind and id came before, with different content`;
  }
  if (result.kind === 'repeated') return [];
  return result.entries
    .filter((entry) => entry.type === 'decision.made')
    .map((entry) => JSON.stringify(assessmentOf(entry)));
}

/** Nothing to wait for where there is nothing to write. */
function writeAll(out: LineWriter, lines: readonly string[]): Promise<void> | undefined {
  if (lines.length === 0) return undefined;
  return (async () => {
    for (const line of lines) await out.write(line);
  })();
}

function assessmentOf(entry: EntryDraft): object {
  return assessmentEvent({
    body: entry.body as DecisionBody,
    personal: entry.personal as DecisionPersonal,
  });
}
