/** Workers and their database that are killed at random while holds fall due, and what must be true of every hold afterwards. */
import { setTimeout as sleep } from 'node:timers/promises';
import { verifyChain, type HoldBody, type SealedEntry } from '#domain';
import { NODE_HASHING } from '#config';
import type { Database } from '#persistence';
import { administer, contentOf, type EntryContent, type TestPostgres } from '#testing';
import { open } from './databases.ts';
import { startProgram, type Program } from './engine-programs.ts';

export interface HoldOrdeal {
  readonly server: TestPostgres;
  readonly seed: number;
  readonly holds: number;
  /** From the first that falls due to the last. */
  readonly spreadMs: number;
  readonly kills: number;
}

const WORKERS = 3;
const PARTITIONS = 12;
const LEAD_MS = 3_000;
const WAIT_MS = 120_000;

/** Mulberry32: the same victims on every machine. */
function fractions(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Plays it and returns what is wrong afterwards, one line each; nothing where all is well. */
export async function playHoldOrdeal(ordeal: HoldOrdeal): Promise<readonly string[]> {
  const { server, seed, holds, spreadMs } = ordeal;
  const url = await server.createDatabase(`ordeal_${seed}`);
  const database = await open(url);
  await database.migrate();
  const from = Date.now() + LEAD_MS;
  await placeHolds(url, { holds, from, spreadMs });
  const workers = await Promise.all(Array.from({ length: WORKERS }, () => startWorker(url)));
  try {
    await killThem(ordeal, { url, workers, until: from + spreadMs });
    await allEnded(database, holds);
    return await findings(database, holds);
  } finally {
    for (const worker of workers) await worker.kill();
    await database.close();
  }
}

function startWorker(url: string): Promise<Program> {
  return startProgram('risk-worker', { DATABASE_URL: url });
}

interface Placing {
  readonly holds: number;
  readonly from: number;
  readonly spreadMs: number;
}

/** In thirds: matured ones that end at their ceiling, ones that the profile releases, ones that it refuses. Answers are read up to date. */
function placeHolds(url: string, { holds, from, spreadMs }: Placing): Promise<unknown> {
  return administer(url, async (client) => {
    await client.query(
      `INSERT INTO responses_read SELECT p, $1::bigint FROM generate_series(0, ${PARTITIONS - 1}) p`,
      [from + spreadMs + WAIT_MS],
    );
    await client.query(
      `INSERT INTO holds (hold_id, partition, payer_id, source, kind, subject_id, amount_minor,
        currency, tier, status, placed_at, due_at, ceiling_at, expiry_action, order_sequence,
        reason_codes, decision_id, profile, attempt)
      SELECT 'hold-' || i, i % ${PARTITIONS}, 'payer-' || i, 'urn:x', 'transfer', i, 691900, 'CNY',
        'T4', CASE i % 3 WHEN 0 THEN 'matured' ELSE 'placed' END, at - 3600000,
        CASE i % 3 WHEN 0 THEN at - 60000 ELSE at END,
        CASE i % 3 WHEN 0 THEN at ELSE at + 3600000 END,
        (ARRAY['reconfirm', 'release', 'reject'])[i % 3 + 1], 1, '[]', 'decision-' || i, 'CN', 1
      FROM (SELECT i, $1::bigint + $2::bigint * i / $3 AS at FROM generate_series(1, $3::integer) i) due`,
      [from, spreadMs, holds],
    );
  });
}

interface Stage {
  readonly url: string;
  readonly workers: Program[];
  readonly until: number;
}

/** Every third victim is the database; it is back after a moment. A killed worker is started again. */
async function killThem({ server, seed, kills }: HoldOrdeal, stage: Stage): Promise<void> {
  const fraction = fractions(seed);
  const gap = (stage.until - Date.now()) / (kills + 1);
  for (let kill = 1; kill <= kills; kill += 1) {
    await sleep(gap * (0.6 + 0.8 * fraction()));
    if (kill % 3 === 2) {
      await server.kill();
      await sleep(300);
      await server.restart();
      continue;
    }
    const victim = Math.floor(fraction() * WORKERS);
    await stage.workers[victim]?.kill();
    stage.workers[victim] = await startWorker(stage.url);
  }
}

async function allEnded(database: Database, holds: number): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const ended = await countEnded(database).catch(() => 0);
    if (ended === holds) return;
    if (Date.now() > deadline) throw new Error(`${ended} of ${holds} holds ended in time`);
    await sleep(100);
  }
}

async function countEnded(database: Database): Promise<number> {
  const [row]: readonly { count: string }[] = await database.dataSource.query(
    'SELECT count(*) FROM holds WHERE ended_at IS NOT NULL',
  );
  return Number(row?.count ?? 0);
}

/** Of the journal against the rows: each ended once, none early, none lost, and the chains whole. */
async function findings(database: Database, holds: number): Promise<readonly string[]> {
  const found: string[] = [];
  const entries: EntryContent[] = [];
  for (let chain = 0; chain < PARTITIONS; chain += 1) {
    const sealed: readonly SealedEntry[] = await database.journalStore.readAfter(
      chain,
      0,
      holds * 4,
    );
    const broken = verifyChain(sealed, NODE_HASHING.sha256);
    if (broken !== undefined) found.push(`chain ${chain}: ${broken.fault} at ${broken.sequence}`);
    entries.push(...sealed.map(contentOf));
  }
  const ends = entries.filter(({ type }) => /^hold\.(released|cancelled|expired)$/.test(type));
  const byHold = Map.groupBy(ends, ({ body }) => (body as HoldBody).holdId);
  for (const [holdId, ofHold] of byHold) {
    const firsts = ofHold.filter(({ body }) => (body as HoldBody).attempt === 1);
    if (firsts.length !== 1) found.push(`${holdId} ended ${firsts.length} times`);
    for (const { at, body } of firsts) {
      const { dueAt, ceilingAt, reason } = body as HoldBody;
      if (at < Date.parse(reason === 'ceiling' ? ceilingAt : dueAt)) found.push(`${holdId}: early`);
    }
  }
  if (byHold.size !== holds) found.push(`${holds - byHold.size} ends are not in the journal`);
  const { holds: rows } = await database.holdStore.list({ state: 'all', limit: holds + 1 });
  for (const { holdId, orderSequence, ended } of rows) {
    const last = byHold.get(holdId)?.at(-1)?.body as HoldBody | undefined;
    if (ended === undefined || last?.orderSequence !== orderSequence) {
      found.push(`${holdId}: the row is not what the journal says`);
    }
  }
  return found;
}
