/**
 * `npm run bench -- holds`: a million payments waiting. How long one look for due holds takes, how long after its due time a hold has ended and its
 * order is on `risk.holds`, and how long it takes when all of them end in the same moment. Real workers, engine, broker and database.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { tailTopics } from '#messaging';
import { openDatabase, type Database } from '#persistence';
import { administer } from '#testing';
import type { BenchOptions } from './bench.ts';
import { Latencies } from './latencies.ts';
import { startStack, type Stack } from './stack.ts';

const PARTITIONS = 12;
const WORKERS = 2;
const TRICKLE_PER_SECOND = 200;
const TRICKLE_SECONDS = 30;
const LOOK_EVERY_MS = 50;
/** From the end of seeding to the first due hold, and from the last to the moment of all. */
const LEAD_MS = 10_000;
const GIVE_UP_MS = 900_000;

const TARGETS = { lookP99Ms: 10, endP99Ms: 1_000, massSeconds: 300 } as const;

function count(number: number): string {
  return number.toLocaleString('en');
}

/** Half of them have matured and end at their ceiling, as in CN; half are refused at `dueAt`. Numbered by their ids. */
async function seed(url: string, from: number, to: number, dueAt: string): Promise<void> {
  await administer(url, (client) =>
    client.query(`
      INSERT INTO holds (hold_id, partition, payer_id, source, kind, subject_id, payee_id,
        amount_minor, currency, tier, status, placed_at, due_at, ceiling_at, expiry_action,
        order_sequence, reason_codes, decision_id, profile, attempt)
      SELECT '00000000-0000-5000-8000-' || lpad(i::text, 12, '0'), i % ${PARTITIONS},
        'payer-' || i, 'urn:bench:platform', 'transfer', 't-' || i, 'payee-' || i % 5000,
        691900, 'CNY', 'T3', CASE i % 2 WHEN 0 THEN 'matured' ELSE 'placed' END,
        (${dueAt}) - 86400000, CASE i % 2 WHEN 0 THEN (${dueAt}) - 3600000 ELSE (${dueAt}) END,
        (${dueAt}) + CASE i % 2 WHEN 0 THEN 0 ELSE 3600000 END,
        CASE i % 2 WHEN 0 THEN 'reconfirm' ELSE 'reject' END, 1, '["CR1","CD0","CO1"]',
        '00000000-0000-5000-8000-' || lpad(i::text, 12, '0'), 'CN', 1
      FROM generate_series(${from}, ${to}) i`),
  );
}

/** Every end heard on the topic, by the number of its hold. */
class Ends {
  readonly heard: Uint8Array;
  readonly latencies = new Latencies();
  count = 0;
  early = 0;
  twice = 0;
  lastAt = 0;

  constructor(holds: number) {
    this.heard = new Uint8Array(holds + 1);
  }

  hear(type: string | undefined, value: string | null): void {
    if (type !== 'io.lengjing.hold.expired.v1' || value === null) return;
    const now = Date.now();
    const { holdId, dueAt, ceilingAt, reason, attempt } = JSON.parse(value) as Ended;
    if (attempt > 1) return;
    const number = Number(holdId.slice(-12));
    const late = now - Date.parse(reason === 'ceiling' ? ceilingAt : dueAt);
    if (late < 0) this.early += 1;
    if (this.heard[number] === 1) this.twice += 1;
    this.heard[number] = 1;
    this.count += 1;
    this.lastAt = now;
    this.latencies.add(late);
  }
}

interface Ended {
  readonly holdId: string;
  readonly dueAt: string;
  readonly ceilingAt: string;
  readonly reason: string;
  readonly attempt: number;
}

/** Looks for due holds as a worker does, and lets go of them again, until told to stop. */
function lookAgain(database: Database): { stop(): Promise<Latencies> } {
  const latencies = new Latencies();
  let stopping = false;
  const running = (async () => {
    while (!stopping) {
      await database.unitOfWork.run(async (tx) => {
        const startedAt = performance.now();
        await database.holdStore.lockDue(tx, Date.now(), 500);
        latencies.add(performance.now() - startedAt);
      });
      await sleep(LOOK_EVERY_MS);
    }
  })();
  return {
    async stop() {
      stopping = true;
      await running;
      return latencies;
    },
  };
}

function verdict(ok: boolean): string {
  return ok ? 'met' : 'NOT MET';
}

export async function section({ quick, say, profile }: BenchOptions): Promise<void> {
  const stack = await startStack();
  try {
    await run(stack, quick ? 50_000 : 1_000_000, { say, profile });
  } finally {
    await stack.stop();
  }
}

async function run(
  stack: Stack,
  holds: number,
  { say, profile }: Pick<BenchOptions, 'say' | 'profile'>,
): Promise<void> {
  const trickle = TRICKLE_PER_SECOND * TRICKLE_SECONDS;
  const total = holds + trickle;
  const seededIn = performance.now();
  // Far away, so that seeding takes as long as it takes; moved by a constant is not possible, so the moment is fixed beforehand.
  const all = Date.now() + seedMs(holds) + 2 * LEAD_MS + TRICKLE_SECONDS * 1_000;
  await seed(stack.databaseUrl, trickle + 1, total, String(all));
  await administer(stack.databaseUrl, (client) => client.query('VACUUM (ANALYZE) holds'));
  say(`${count(holds)} holds pending (seeded in ${seconds(performance.now() - seededIn)} s)`);

  await stack.startEngine(profile);
  for (let n = 0; n < WORKERS; n += 1) await stack.startWorker(profile);
  const ends = new Ends(total);
  const tail = await tailTopics(stack.kafka, ['risk.holds'], ({ value, headers }) =>
    ends.hear(headers['ce_type'], value),
  );
  const firstAt = Date.now() + 2_000;
  const each = 1_000 / TRICKLE_PER_SECOND;
  await seed(stack.databaseUrl, 1, trickle, `${firstAt} + i * ${each}`);
  const database = await openDatabase({
    url: stack.databaseUrl,
    poolSize: 2,
    applicationName: 'bench',
  });
  const looking = lookAgain(database);
  await sleep(Math.max(0, firstAt + TRICKLE_SECONDS * 1_000 + 3_000 - Date.now()));
  const looks = await looking.stop();
  const lookP99 = looks.percentile(99);
  const endP99 = ends.latencies.percentile(99);
  say(`  one look for due holds: ${String(looks)}: ${verdict(lookP99 <= TARGETS.lookP99Ms)}`);
  say(
    `  due to ended and published, ${TRICKLE_PER_SECOND}/s: ${String(ends.latencies)}: ` +
      verdict(endP99 <= TARGETS.endP99Ms && ends.count === trickle),
  );
  if (Date.now() > all) say('  (the moment of all came too early: the figures above are mixed)');

  await sleep(Math.max(0, all - Date.now()));
  const deadline = Date.now() + GIVE_UP_MS;
  let told = Date.now();
  while (ends.count < total && Date.now() < deadline) {
    await sleep(100);
    if (Date.now() - told < 30_000) continue;
    told = Date.now();
    say(`    ${count(ends.count - trickle)} after ${seconds(Date.now() - all)} s`);
  }
  await tail.stop();
  const took = (ends.lastAt - all) / 1_000;
  const missing = total - ends.heard.reduce((sum, heard) => sum + heard, 0);
  say(
    `  all end in one moment: ${count(holds)} orders published in ${took.toFixed(1)} s ` +
      `(${count(Math.round(holds / took))}/s): ${verdict(took <= TARGETS.massSeconds && missing === 0)}`,
  );
  say(`  missing ${missing}, twice ${ends.twice}, before their time ${ends.early}`);
  await database.close();
}

/** How long seeding may take at most, by what this takes on two slow cores. */
function seedMs(holds: number): number {
  return 20_000 + holds * 0.12;
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}
