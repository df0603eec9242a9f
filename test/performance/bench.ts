/** `npm run bench`: what the engine does per second and how long a decision takes, on this machine, over real Kafka and PostgreSQL. */
import { execFileSync, fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultPolicy } from '#contracts';
import { tailTopics } from '#messaging';
import type { GeneratorOrder } from './generator.ts';
import { Latencies } from './latencies.ts';
import { describeMachine } from './machine.ts';
import { benchScorer } from './scorer.ts';
import { startStack, type Stack } from './stack.ts';

const QUICK = process.argv.includes('--quick');
const PAYERS = 20_000;
const SECONDS = QUICK ? 8 : 30;
const RUNS = QUICK ? 1 : 3;
/** Decisions that take longer after the last event are counted as lost. */
const QUIET_MS_MAX = 60_000;

function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

interface Measured {
  readonly sent: number;
  readonly transfers: number;
  readonly decided: number;
  /** From the first event to the last decision. */
  readonly seconds: number;
  readonly latencies: Latencies;
  readonly behindMs: number;
}

/** Sends a load and hears every decision. */
async function measure(
  stack: Stack,
  load: Pick<GeneratorOrder, 'rate' | 'events' | 'transferShare' | 'seed'>,
): Promise<Measured> {
  const latencies = new Latencies();
  let decided = 0;
  let lastAt = Date.now();
  const tail = await tailTopics(stack.kafka, ['risk.decisions'], ({ value }) => {
    const sentAt = /"id":"t-(\d+)-/.exec(value ?? '')?.[1];
    if (sentAt === undefined) return;
    lastAt = Date.now();
    decided += 1;
    latencies.add(lastAt - Number(sentAt));
  });
  const startedAt = Date.now();
  const { sent, transfers, behindMs } = await generate(stack, load);
  const deadline = Date.now() + QUIET_MS_MAX;
  while (decided < transfers && Date.now() < deadline) await sleep(20);
  await tail.stop();
  return { sent, transfers, decided, seconds: (lastAt - startedAt) / 1_000, latencies, behindMs };
}

interface Generated {
  readonly sent: number;
  readonly transfers: number;
  readonly behindMs: number;
}

function generate(
  stack: Stack,
  load: Pick<GeneratorOrder, 'rate' | 'events' | 'transferShare' | 'seed'>,
): Promise<Generated> {
  const child = fork(new URL('./generator.ts', import.meta.url), [], {
    execArgv: ['--conditions=source'],
  });
  const order: GeneratorOrder = {
    brokers: stack.kafka.brokers,
    partitions: 12,
    payers: PAYERS,
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

function report(name: string, measured: Measured): void {
  const { sent, transfers, decided, seconds, latencies, behindMs } = measured;
  const [events, decisions] = [sent, decided].map((count) =>
    Math.round(count / seconds).toLocaleString('en'),
  );
  const lost = decided === transfers ? '' : ` — ${transfers - decided} NOT DECIDED`;
  const behind = behindMs > 100 ? `, generator up to ${Math.round(behindMs)} ms behind` : '';
  say(
    `  ${name}: ${events} events/s, ${decisions} decisions/s, ${String(latencies)}${behind}${lost}`,
  );
}

async function benchStack(): Promise<void> {
  const stack = await startStack();
  try {
    await stack.startEngine();
    let seed = 1;
    const run = (rate: number | undefined, transferShare: number, events: number) =>
      measure(stack, {
        ...(rate === undefined ? {} : { rate }),
        transferShare,
        events,
        seed: seed++,
      });
    // Warm-up: compiled code, filled caches, statistics.
    await run(1_500, 0.25, QUICK ? 6_000 : 20_000);

    say('\nLatency, append to decision on risk.decisions, open loop (a quarter transfers)');
    for (let n = 0; n < RUNS; n += 1)
      report('2,000 events/s', await run(2_000, 0.25, 2_000 * SECONDS));

    say('\nSustained (a quarter transfers)');
    for (const rate of [5_000, 7_500, 10_000]) {
      report(`${rate.toLocaleString('en')} events/s asked`, await run(rate, 0.25, rate * SECONDS));
    }

    say('\nAs fast as it goes');
    for (let n = 0; n < RUNS; n += 1)
      report('a quarter transfers', await run(undefined, 0.25, QUICK ? 40_000 : 150_000));
    report('all transfers', await run(undefined, 1, QUICK ? 15_000 : 50_000));
  } finally {
    await stack.stop();
  }
}

function javaVersion(): string {
  const text = execFileSync('sh', ['-c', 'java -version 2>&1'], { encoding: 'utf8' });
  return /version "([^"]+)"/.exec(text)?.[1] ?? 'unknown';
}

const machine = describeMachine({
  PostgreSQL: '18.4',
  Kafka: '4.4.0',
  kafkajs: '2.2.4',
  Java: javaVersion(),
});
say('Lengjing benchmark: broker, database, engine and generator share this machine');
for (const line of machine.lines) say(`  ${line}`);

say('\nScorer alone');
for (const events of [10, 50, 200, 500]) say(`  ${benchScorer(defaultPolicy(), events)}`);
await benchStack();
