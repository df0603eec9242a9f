/**
 * The hot statements on 10⁵ rows, counted by PostgreSQL's own statistics: each goes through the index made for it and reads
 * no more of it than it returns, both on a table the planner knows and on one it has never seen.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Database } from '#persistence';
import { administer } from '#testing';
import { DAY, MINUTE, T0, hold, subjectWrite, transfer, transferRef } from '../contract/samples.ts';
import { freshDatabase, open, type FreshDatabase } from './databases.ts';

const ROWS = 100_000;
const PAYERS = 2_000;
const TABLES = ['evidence', 'payee_activity', 'payer_habits', 'subjects', 'holds', 'journal'];
/** More often than PostgreSQL makes a plan of its own for a prepared statement, so that the general one is seen too. */
const RUNS = 12;

const FILL: readonly string[] = [
  ...TABLES.map((table) => `ALTER TABLE ${table} SET (autovacuum_enabled = off)`),
  `INSERT INTO evidence (partition, payer_id, occurred_at, source, event_id, kind, class, data)
    SELECT i % 8, 'payer-' || i % ${PAYERS}, ${T0} - i * 1000, 'urn:x', i, 'session.observed',
      CASE i % 20 WHEN 0 THEN 0 WHEN 1 THEN 3 ELSE 2 END, '{"kind":"session.observed"}'
    FROM generate_series(1, ${ROWS}) i`,
  `INSERT INTO payer_habits SELECT i % 8, 'payer-' || i, ${T0}, '{"settled":{},"recent":[]}'
    FROM generate_series(1, ${ROWS}) i`,
  // One payee has half of all the payers: a mule that everybody pays.
  `INSERT INTO payee_activity (payee_id, what, at, payer_id)
    SELECT CASE WHEN i % 2 = 0 THEN 'mule' ELSE 'payee-' || i END, 0, ${T0} - i % ${DAY / 1000},
      'payer-' || i FROM generate_series(1, ${ROWS}) i`,
  `INSERT INTO subjects (source, kind, subject_id, partition, payer_id, requested_at, content_hash,
      sequence, effect_outcome, effect_tier, assessed_outcome, assessed_tier, assessed_own_tier,
      lowered, hold_id, watched_payee)
    SELECT 'urn:x', 'transfer', i, i % 8, 'payer-' || i % ${PAYERS}, ${T0} - i * 1000, 'h', 1,
      'allow', 'T0', 'allow', 'T0', 'T0', false, CASE WHEN i % 10 = 0 THEN 'h-' || i END,
      CASE i % 2 WHEN 0 THEN 'mule' ELSE 'payee-' || i END
    FROM generate_series(1, ${ROWS}) i`,
  `INSERT INTO holds (hold_id, partition, payer_id, source, kind, subject_id, amount_minor, currency,
      tier, status, placed_at, due_at, ceiling_at, expiry_action, order_sequence, reason_codes,
      decision_id, ended_at, ended_actor, ended_reason, profile, attempt, resend_at)
    SELECT 'h-' || i, i % 8, 'payer-' || i % ${PAYERS}, 'urn:x', 'transfer', i, 1, 'CNY', 'T3',
      CASE i % 100 WHEN 0 THEN 'placed' WHEN 1 THEN 'matured' ELSE 'released' END, ${T0} - ${DAY},
      ${T0} + i, ${T0} + ${DAY} + i, 'reconfirm', 1, '[]', 'd',
      CASE WHEN i % 100 > 1 THEN ${T0} END, CASE WHEN i % 100 > 1 THEN 'clock' END,
      CASE WHEN i % 100 > 1 THEN 'due' END, 'CN', 1,
      CASE WHEN i % 100 = 3 THEN ${T0} + i END
    FROM generate_series(1, ${ROWS}) i`,
  `INSERT INTO journal (chain, sequence, type, at, canonical, leaf)
    SELECT 0, i, 'decision.made', ${T0}, '{}', sha256(i::text::bytea)
    FROM generate_series(1, ${ROWS}) i`,
];

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
  await administer(fresh.url, async (client) => {
    for (const statement of FILL) await client.query(statement);
  });
});
afterAll(() => fresh.drop());

interface Reading {
  readonly sequential: number;
  readonly byIndex: ReadonlyMap<string, number>;
}

/** Table scans and index entries read so far. Sessions report when they end, so this is called between databases. */
async function readings(): Promise<Reading> {
  return administer(fresh.url, async (client) => {
    const scans = await client.query<{ n: string }>(
      'SELECT sum(seq_scan) AS n FROM pg_stat_user_tables WHERE relname = ANY ($1)',
      [TABLES],
    );
    const indexes = await client.query<{ name: string; n: string }>(
      'SELECT indexrelname AS name, idx_tup_read AS n FROM pg_stat_user_indexes',
    );
    const byIndex = new Map(indexes.rows.map((row) => [row.name, Number(row.n)]));
    return { sequential: Number(scans.rows[0]?.n), byIndex };
  });
}

const request = { partition: 4, payerId: 'payer-4', from: T0 - 3 * DAY };
const subjects = Array.from({ length: 20 }, (_, i) => {
  return { source: 'urn:x', kind: 'transfer', id: String(i + 1) } as const;
});

/** Every run erases two codes more. */
let erasedTo = (ROWS - 1) * 1000;

/** What is run, the index it must go through, and how many entries of it one run may read. */
const HOT: readonly [string, string, number, (database: Database) => Promise<unknown>][] = [
  [
    'windows',
    'evidence_pkey',
    100,
    (database) => database.unitOfWork.run((tx) => database.engineStore.windows(tx, [request])),
  ],
  [
    'appended evidence',
    'evidence_pkey',
    5,
    (database) =>
      database.unitOfWork.run((tx) =>
        database.engineStore.appendEvidence(tx, [{ partition: 4, event: transfer() }]),
      ),
  ],
  [
    'payee numbers of a mule',
    'payee_activity_points',
    26,
    (database) =>
      database.unitOfWork.run((tx) =>
        database.engineStore.payeeNumbers(tx, [{ payeeId: 'mule', payerId: 'payer-2', at: T0 }], 4),
      ),
  ],
  [
    'habits',
    'payer_habits_pkey',
    2,
    (database) => database.unitOfWork.run((tx) => database.engineStore.habits(tx, [request])),
  ],
  [
    'payees that may have turned',
    'payee_activity_changes',
    2_000,
    (database) =>
      database.unitOfWork.run((tx) => database.engineStore.payeeTurns(tx, [0, 1, 2], 3)),
  ],
  [
    'transfers to payees that turned',
    'subjects_watched',
    1_500,
    (database) =>
      database.unitOfWork.run((tx) => database.engineStore.payeeTurns(tx, [0, 1, 2], 3)),
  ],
  [
    'known subjects',
    'subjects_pkey',
    40,
    (database) => database.unitOfWork.run((tx) => database.engineStore.knownSubjects(tx, subjects)),
  ],
  [
    'recorded subjects',
    'subjects_payer',
    60,
    (database) =>
      database.unitOfWork.run((tx) => database.engineStore.recordedSubjects(tx, [request])),
  ],
  [
    'holds of recorded subjects',
    'holds_pkey',
    60,
    (database) =>
      database.unitOfWork.run((tx) =>
        database.engineStore.recordedSubjects(tx, [
          { partition: 0, payerId: 'payer-0', from: T0 - 3 * DAY },
        ]),
      ),
  ],
  [
    'saved subjects',
    'subjects_pkey',
    5,
    (database) =>
      database.unitOfWork.run((tx) =>
        database.engineStore.saveSubjects(tx, [subjectWrite(transferRef())]),
      ),
  ],
  [
    'locked and saved holds',
    'holds_pkey',
    10,
    (database) =>
      database.unitOfWork.run(async (tx) => {
        const row = hold();
        await database.engineStore.lockHolds(tx, ['h-100', row.holdId]);
        await database.engineStore.saveHolds(tx, [row]);
      }),
  ],
  [
    'due holds',
    'holds_due',
    40,
    (database) =>
      database.unitOfWork.run((tx) => database.holdStore.lockDue(tx, T0 + 5 * MINUTE, 20)),
  ],
  [
    'orders to be given again',
    'holds_resend',
    40,
    (database) =>
      database.unitOfWork.run((tx) => database.holdStore.lockResends(tx, T0 + 20_000, 20)),
  ],
  [
    'calls of payers whose holds are due',
    'evidence_pkey',
    60,
    (database) => database.unitOfWork.run((tx) => database.holdStore.calls(tx, [request])),
  ],
  [
    'open holds, a page',
    'holds_open',
    40,
    (database) => database.holdStore.list({ state: 'open', limit: 20 }),
  ],
  [
    'all holds, a page',
    'holds_listed',
    40,
    (database) => database.holdStore.list({ state: 'all', limit: 20 }),
  ],
  [
    'holds of a payer',
    'holds_payer',
    60,
    (database) => database.holdStore.list({ state: 'all', payerId: 'payer-7', limit: 50 }),
  ],
  [
    'the journal after a place',
    'journal_pkey',
    30,
    (database) => database.journalStore.readAfter(0, 50_000, 25),
  ],
  [
    'erased codes',
    'evidence_age',
    200,
    (database) => {
      erasedTo -= 40_000;
      return database.eraseExpired(T0, { codesMs: erasedTo, evidenceMs: 3 * DAY });
    },
  ],
];

describe.each(['that was never analysed', 'that is analysed'])('on a database %s', (kind) => {
  beforeAll(async () => {
    if (kind !== 'that is analysed') return;
    await administer(fresh.url, (client) => client.query('VACUUM ANALYZE'));
  });

  it.each(HOT)('%s go through %s', async (what, index, entriesMax, run) => {
    const before = await readings();
    const database = await open(fresh.url);
    for (let count = 0; count < RUNS; count += 1) await run(database);
    await database.close();
    const after = await readings();
    const read = (after.byIndex.get(index) ?? 0) - (before.byIndex.get(index) ?? 0);
    expect({ tableScans: after.sequential - before.sequential }).toEqual({ tableScans: 0 });
    expect(read).toBeLessThanOrEqual(entriesMax * RUNS);
    // An insert only looks whether the key is there.
    if (!/appended|saved/.test(what)) expect(read).toBeGreaterThan(0);
  });
});
