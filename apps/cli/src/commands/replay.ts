/** `lengjing replay`: decides a file of events without any server, with the engine's own code. */
import { parseArgs } from 'node:util';
import { Replay } from '#application';
import { assessmentEvent, defaultNotices, makeCodeBook, readCodeKeys, readLine } from '#contracts';
import type { CodeBook, DecisionBody, DecisionPersonal, EntryDraft, Policy } from '#domain';
import type { Command, CommandContext } from '../command.ts';
import { NODE_HASHING } from '#config';
import { readLabels, type Labels } from '../evaluate/labels-file.ts';
import { compareText, labelsText, summaryText } from '../evaluate/summary.ts';
import { Verdicts } from '../evaluate/verdicts.ts';
import { policyOf } from '../policy-file.ts';
import { Progress } from '../progress.ts';
import { LineWriter, forEachLine } from '../text-lines.ts';
import { CommandFailed, UsageError } from '../usage.ts';

export const command: Command = {
  summary: 'decide a file of events without any server',
  help: `lengjing replay [--policy FILE] [--summary] [--labels FILE] [--compare FILE] FILE…

Reads JSON Lines of input events (structured CloudEvents) in the order given, "-" for standard input, and
prints one assessment.made event per line, superseding ones too. Lines that cannot be taken go to standard
error with their number and reason; the rest continues, and the exit status is 1.

  --policy FILE   decide under this policy instead of the one that comes with the program
  --summary       print counts, the share that is held and a table of reasons instead of assessments
  --labels FILE   the summary, with recall and precision per tier and exact 95 % intervals; JSON Lines of
                  {"transferId":"…","label":"scam"} or "legit"
  --compare FILE  the summary, and what the policy of this file would have done differently

LENGJING_CODE_KEY or LENGJING_CODE_KEYS hold the keys of the code digests.`,
  async run(args, context) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        policy: { type: 'string' },
        summary: { type: 'boolean' },
        labels: { type: 'string' },
        compare: { type: 'string' },
      },
    });
    if (positionals.length === 0)
      throw new UsageError('replay needs a file, or - for standard input');
    const { fileOf } = context;
    const policy = policyOf(values.policy && fileOf(values.policy));
    const codeBook = codeBookOf(context.env);
    const asked =
      values.summary === true || values.labels !== undefined || values.compare !== undefined;
    if (!asked) return printAssessments(positionals, new Deciding(policy, codeBook), context);
    const labels =
      values.labels === undefined ? undefined : await readLabels(fileOf(values.labels));
    const other = values.compare === undefined ? undefined : policyOf(fileOf(values.compare));
    const policies = { policy, ...(other === undefined ? {} : { other }) };
    return summarise(positionals, { ...policies, labels, codeBook, context });
  },
};

/** Throws `CommandFailed`. */
function codeBookOf(env: CommandContext['env']): CodeBook {
  try {
    return makeCodeBook(readCodeKeys(env));
  } catch (error) {
    throw new CommandFailed(
      error instanceof Error ? error.message : 'the code keys cannot be read',
    );
  }
}

/** One policy at work. */
class Deciding {
  readonly #replay: Replay;

  constructor(policy: Policy, codeBook: CodeBook) {
    this.#replay = new Replay({ policy, notices: defaultNotices(), codeBook }, NODE_HASHING);
  }

  /** The entries that came of a line, or why it could not be taken. */
  take(
    read: Extract<ReturnType<typeof readLine>, { kind: 'event' }>,
  ): readonly EntryDraft[] | string {
    const result = this.#replay.offer(read.event, read.contentHash);
    if (result.kind === 'conflict') {
      return 'another request with this source, kind and id came before, with different content';
    }
    return result.kind === 'repeated' ? [] : result.entries;
  }
}

/** Every line that can be taken, to all of `deciding`; returns how many could not. */
async function replayFiles(
  paths: readonly string[],
  deciding: readonly Deciding[],
  context: CommandContext,
  take: (entries: readonly EntryDraft[], index: number) => Promise<void> | undefined,
): Promise<number> {
  const progress = new Progress('events');
  let bad = 0;
  for (const path of paths) {
    const name = path === '-' ? 'standard input' : path;
    const complain = (reason: string): undefined => {
      bad += 1;
      process.stderr.write(`${name}: ${reason}\n`);
    };
    await forEachLine(
      path === '-' ? path : context.fileOf(path),
      (line, number) => {
        const read = readLine(line, number);
        if (read.kind === 'ignored') return undefined;
        if (read.kind === 'refused') return complain(read.reason);
        let waiting: Promise<void> | undefined;
        for (const [index, one] of deciding.entries()) {
          const taken = one.take(read);
          if (typeof taken === 'string') return complain(`line ${number}: ${taken}`);
          waiting = take(taken, index) ?? waiting;
        }
        return waiting;
      },
      (count) => progress.add(count),
    );
  }
  progress.end();
  return bad;
}

async function printAssessments(
  paths: readonly string[],
  deciding: Deciding,
  context: CommandContext,
): Promise<number> {
  const out = new LineWriter(process.stdout);
  const bad = await replayFiles(paths, [deciding], context, (entries) => {
    const decisions = entries.filter((entry) => entry.type === 'decision.made');
    return writeAll(
      out,
      decisions.map((entry) => JSON.stringify(assessmentOf(entry))),
    );
  });
  await out.flush();
  return bad === 0 ? 0 : 1;
}

interface Summarising {
  readonly policy: Policy;
  readonly other?: Policy;
  readonly labels: Labels | undefined;
  readonly codeBook: CodeBook;
  readonly context: CommandContext;
}

async function summarise(paths: readonly string[], given: Summarising): Promise<number> {
  const policies = [given.policy, ...(given.other === undefined ? [] : [given.other])];
  const deciding = policies.map((policy) => new Deciding(policy, given.codeBook));
  const [verdicts, others] = [new Verdicts(), new Verdicts()];
  let events = 0;
  const bad = await replayFiles(paths, deciding, given.context, (entries, index) => {
    if (index === 0) events += 1;
    for (const entry of entries) (index === 0 ? verdicts : others).take(entry);
    return undefined;
  });
  const { labels } = given;
  process.stdout.write(summaryText(verdicts, events));
  if (labels !== undefined) process.stdout.write(`\n${labelsText(verdicts, labels)}`);
  if (given.other !== undefined) {
    process.stdout.write(`\n${compareText(verdicts, others, labels)}`);
    if (labels !== undefined) {
      process.stdout.write(`\nthe other policy ${labelsText(others, labels)}`);
    }
  }
  return bad === 0 ? 0 : 1;
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
