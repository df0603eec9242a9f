/** The whole engine over real Kafka and PostgreSQL: latency at a steady rate, the rate it sustains, and how fast it goes. */
import { fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { tailTopics } from '#messaging';
import type { BenchOptions } from './bench.ts';
import type { GeneratorOrder } from './generator.ts';
import { Latencies } from './latencies.ts';
import { counting, type Counted } from './counted.ts';
import { startStack, type RunningEngine, type Stack } from './stack.ts';

const PAYERS = 200_000;
const PRESENT = 2_000;
/** Decisions that take longer after the last event are counted as lost. */
const QUIET_MS_MAX = 60_000;

export async function section({ quick, profile, say }: BenchOptions): Promise<void> {
  const [seconds, runs] = quick ? [8, 1] : [30, 3];
  const stack = await startStack();
  try {
    const engine = await stack.startEngine(profile);
    let seed = 1;
    const run = (rate: number | undefined, transferShare: number, events: number) =>
      measure(stack, engine, {
        ...(rate === undefined ? {} : { rate }),
        transferShare,
        events,
        seed: seed++,
      });
    // Warm-up: compiled code, filled caches, statistics.
    await run(1_500, 0.25, quick ? 9_000 : 30_000);

    say('Latency, append to decision on risk.decisions, open loop (a quarter transfers)');
    for (let n = 0; n < runs; n += 1)
      say(reportOf('2,000 events/s', await run(2_000, 0.25, 2_000 * seconds)));

    say('\nSustained (a quarter transfers)');
    for (const rate of [5_000, 7_500, 10_000]) {
      const measured = await run(rate, 0.25, rate * seconds);
      say(reportOf(`${rate.toLocaleString('en')} events/s asked`, measured));
    }

    say('\nAs fast as it goes');
    for (let n = 0; n < runs; n += 1)
      say(reportOf('a quarter transfers', await run(undefined, 0.25, quick ? 40_000 : 150_000)));
    say(reportOf('all transfers', await run(undefined, 1, quick ? 15_000 : 50_000)));
  } finally {
    await stack.stop();
  }
}

type LoadOrder = Pick<GeneratorOrder, 'rate' | 'events' | 'transferShare' | 'seed'>;

interface Generated {
  readonly sent: number;
  readonly transfers: number;
  readonly behindMs: number;
}

interface Measured extends Generated {
  readonly decided: number;
  /** From the first event to the last decision. */
  readonly seconds: number;
  readonly latencies: Latencies;
  readonly engine: Counted;
}

/** Sends a load and hears every first decision. */
async function measure(stack: Stack, engine: RunningEngine, load: LoadOrder): Promise<Measured> {
  const latencies = new Latencies();
  let decided = 0;
  let lastAt = Date.now();
  const tail = await tailTopics(stack.kafka, ['risk.decisions'], ({ value }) => {
    const sentAt = /"id":"t-(\d+)-/.exec(value ?? '')?.[1];
    // A later look at the same transfer is not its decision.
    if (sentAt === undefined || value?.includes('"sequence":1,') !== true) return;
    lastAt = Date.now();
    decided += 1;
    latencies.add(lastAt - Number(sentAt));
  });
  const counted = await counting(engine.port);
  const startedAt = Date.now();
  const generated = await generate(stack, load);
  const deadline = Date.now() + QUIET_MS_MAX;
  while (decided < generated.transfers && Date.now() < deadline) await sleep(20);
  await tail.stop();
  const seconds = (lastAt - startedAt) / 1_000;
  return { ...generated, decided, seconds, latencies, engine: await counted() };
}

function generate(stack: Stack, load: LoadOrder): Promise<Generated> {
  const child = fork(new URL('./generator.ts', import.meta.url), [], {
    execArgv: ['--conditions=source'],
  });
  const order: GeneratorOrder = {
    brokers: stack.kafka.brokers,
    partitions: 12,
    payers: PAYERS,
    present: PRESENT,
    ...load,
  };
  return new Promise((resolve, reject) => {
    child.once('message', (result: Generated) => resolve(result));
    child.once('exit', (code) => {
      if (code !== 0) reject(new Error('the generator failed'));
    });
    child.send(order);
  });
}

function reportOf(name: string, measured: Measured): string {
  const { sent, transfers, decided, seconds, latencies, engine, behindMs } = measured;
  const [events, decisions] = [sent, decided].map((count) =>
    Math.round(count / seconds).toLocaleString('en'),
  );
  const lost = decided === transfers ? '' : ` — ${transfers - decided} NOT DECIDED`;
  const behind = behindMs > 100 ? `, generator up to ${Math.round(behindMs)} ms behind` : '';
  return `  ${name}: ${events} events/s, ${decisions} decisions/s, ${String(latencies)}${behind}${lost}\n    ${String(engine)}`;
}
