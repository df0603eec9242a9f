/** `lengjing shadow-report`: what a policy would have held, from recorded events or from the engine's own journal. */
import { parseArgs } from 'node:util';
import { Replay, ShadowTally, type JournalStore } from '#application';
import { NODE_HASHING } from '#config';
import { defaultNotices, makeCodeBook, readCodeKeys, readLine } from '#contracts';
import type { DecisionBody, DecisionPersonal, Json, Policy, SealedEntry } from '#domain';
import { openDatabase } from '#persistence';
import type { Command, CommandContext } from '../command.ts';
import { policyOf } from '../policy-file.ts';
import { shadowText } from '../shadow-text.ts';
import { forEachLine } from '../text-lines.ts';
import { CommandFailed, UsageError } from '../usage.ts';

export const command: Command = {
  summary: 'what would have been held, for how long, with what money',
  help: `lengjing shadow-report [--policy FILE] FILE…
lengjing shadow-report --journal

Says what a policy would hold without holding anything: how many transfers and draws, with what money, how long they
would wait, how many payers it would meet and how many of them more than once.

  FILE…           events in JSON Lines as of replay, "-" for standard input, decided in shadow mode
  --policy FILE   decide under this policy instead of the one that comes with the program
  --journal       the decisions that a running engine made in shadow mode, from the database at DATABASE_URL

LENGJING_CODE_KEY or LENGJING_CODE_KEYS hold the keys of the code digests.`,
  async run(args, context) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { policy: { type: 'string' }, journal: { type: 'boolean' } },
    });
    const journal = values.journal === true;
    if (journal === positionals.length > 0) {
      throw new UsageError('shadow-report needs a file, or - for standard input, or --journal');
    }
    const tally = new ShadowTally();
    const bad = journal
      ? await readJournal(tally, context)
      : await replayFiles(
          tally,
          positionals,
          policyOf(values.policy && context.fileOf(values.policy)),
          context,
        );
    process.stdout.write(shadowText(tally.report()));
    return bad === 0 ? 0 : 1;
  },
};

/** Returns how many lines could not be taken. */
async function replayFiles(
  tally: ShadowTally,
  paths: readonly string[],
  policy: Policy,
  { env, fileOf }: CommandContext,
): Promise<number> {
  const settings = {
    policy: { ...policy, mode: 'shadow' as const },
    notices: defaultNotices(),
    codeBook: makeCodeBook(readCodeKeys(env)),
  };
  const replay = new Replay(settings, NODE_HASHING);
  let bad = 0;
  for (const path of paths) {
    await forEachLine(path === '-' ? path : fileOf(path), (line, number) => {
      const read = readLine(line, number);
      if (read.kind === 'ignored') return undefined;
      const result = read.kind === 'event' ? replay.offer(read.event, read.contentHash) : undefined;
      if (result === undefined || result.kind === 'conflict') {
        bad += 1;
        const reason = read.kind === 'refused' ? read.reason : `line ${number}: its ids are taken`;
        process.stderr.write(`${path}: ${reason}\n`);
        return undefined;
      }
      if (result.kind === 'taken') {
        for (const { type, body, personal } of result.entries) take(tally, type, body, personal);
      }
      return undefined;
    });
  }
  return bad;
}

function take(
  tally: ShadowTally,
  type: string,
  body: unknown,
  personal: Partial<DecisionPersonal> | { readonly [name: string]: Json },
): void {
  if (type !== 'decision.made') return;
  const decision = body as DecisionBody;
  const { payer, subject } = personal as Partial<DecisionPersonal>;
  // Of erased people nothing names the subject but the decision before.
  const { decisionId, supersedes } = decision;
  const name =
    subject === undefined
      ? (supersedes ?? decisionId)
      : `${decision.subjectKind}\n${subject.source}\n${subject.id}`;
  tally.take({ body: decision, payerId: payer, subject: name });
}

const CHAINS_MAX = 4_096;
const PAGE = 1_000;

async function readJournal(tally: ShadowTally, { env }: CommandContext): Promise<number> {
  const url = env['DATABASE_URL'];
  if (url === undefined) throw new UsageError('shadow-report --journal needs DATABASE_URL');
  const database = await openDatabase({
    url,
    poolSize: 2,
    applicationName: 'lengjing-shadow-report',
  }).catch((error: unknown) => {
    throw new CommandFailed(error instanceof Error ? error.message : 'the database is not there');
  });
  try {
    const chains = Array.from({ length: CHAINS_MAX }, (_, chain) => chain);
    for (const { chain, head } of await database.journalStore.cursors(chains)) {
      if (head > 0) await readChain(tally, database.journalStore, chain);
    }
  } finally {
    await database.close();
  }
  return 0;
}

async function readChain(tally: ShadowTally, journal: JournalStore, chain: number): Promise<void> {
  let page: readonly SealedEntry[];
  let sequence = 0;
  do {
    page = await journal.readAfter(chain, sequence, PAGE);
    for (const { type, canonical, disclosures } of page) {
      if (type !== 'decision.made') continue;
      const { body } = JSON.parse(canonical) as { readonly body: unknown };
      const personal = Object.fromEntries(disclosures.map(({ name, value }) => [name, value]));
      take(tally, type, body, personal);
    }
    sequence = page.at(-1)?.sequence ?? sequence;
  } while (page.length === PAGE);
}
