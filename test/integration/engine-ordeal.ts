/** What befalls running engines and their servers in a spec, drawn from a seed. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Program } from './engine-programs.ts';
import type { Run } from './engine-world.ts';

/**
 * Small batches, so that there is a middle to be killed in, and a wait for lagging topics that no noisy machine exceeds: within it the
 * order is that of events, whatever happens.
 */
export const SMALL_BATCHES = {
  BATCH_MAX_EVENTS: '25',
  ALIGNMENT_WAIT_MS: '60000',
  LENGJING_CODE_KEY: 'lengjing-acceptance-key',
};

interface TimedEvent {
  readonly time: string;
}

/** The transfers with the cases among them, each case moved as a whole to a time of its own, in order of time. */
export function mixed(transfers: string, cases: readonly string[]): string {
  const background = eventsOf(transfers);
  const all = cases.flatMap((text, index) => {
    const events = eventsOf(text);
    const place = Math.floor(((index + 0.5) / cases.length) * background.length);
    const shift = timeOf(background[place]) - timeOf(events[0]);
    return events.map((event) => {
      return { ...event, time: new Date(timeOf(event) + shift).toISOString() };
    });
  });
  const ordered = [...background, ...all].sort((a, b) => timeOf(a) - timeOf(b));
  return `${ordered.map((event) => JSON.stringify(event)).join('\n')}\n`;
}

function eventsOf(lines: string): readonly TimedEvent[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as TimedEvent);
}

function timeOf(event: TimedEvent | undefined): number {
  return Date.parse(event?.time ?? '');
}

/** Mulberry32: the same moments on every machine. */
function fractions(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const WAIT_MS = 120_000;

/** Waits until so many first decisions were published. */
export async function reached(run: Run, count: number): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  while (run.firstDecisions() < count) {
    if (Date.now() > deadline) {
      const outputs = run.programs().map((one) => one.output().slice(-500));
      throw new Error(`${run.firstDecisions()} of ${count} decisions: ${outputs.join('\n')}`);
    }
    await sleep(2);
  }
}

/** One engine, killed at random `kills` times while it decides `subjects`, and started again each time. */
export async function killAtRandom(
  run: Run,
  { seed, subjects, kills }: { seed: number; subjects: number; kills: number },
): Promise<void> {
  const fraction = fractions(seed);
  const moments = Array.from({ length: kills }, () => Math.floor(fraction() * 0.9 * subjects));
  let engine = await run.start('risk-engine', SMALL_BATCHES);
  for (const moment of moments.sort((a, b) => a - b)) {
    // Two of the same moment would be one kill: after each there is some work first.
    await reached(run, Math.max(moment, run.firstDecisions() + 1));
    await sleep(fraction() * 100);
    await engine.kill();
    engine = await run.start('risk-engine', SMALL_BATCHES);
  }
}

export interface Outages {
  readonly seed: number;
  readonly subjects: number;
  /** Each is a server that goes away, one way or another, and comes back. */
  readonly outages: readonly (() => Promise<void>)[];
}

/** One engine that is left alone while its servers go away and come back, one after the other, while it decides. */
export async function loseServers(
  run: Run,
  { seed, subjects, outages }: Outages,
): Promise<Program> {
  const fraction = fractions(seed);
  const engine = await run.start('risk-engine', SMALL_BATCHES);
  for (const [index, outage] of outages.entries()) {
    const share = (index + fraction() * 0.8 + 0.1) / (outages.length + 0.5);
    await reached(run, Math.max(Math.floor(share * subjects), run.firstDecisions() + 1));
    await outage();
  }
  return engine;
}

/** Two engines: one is killed, the other is stopped for longer than its session lasts and goes on as a zombie. */
export async function killAndStop(
  run: Run,
  { seed, subjects, stopMs }: { seed: number; subjects: number; stopMs: number },
): Promise<Program> {
  const fraction = fractions(seed);
  const first = await run.start('risk-engine', SMALL_BATCHES);
  const second = await run.start('risk-engine', SMALL_BATCHES);
  await reached(run, Math.floor((0.1 + 0.2 * fraction()) * subjects));
  await first.kill();
  const third = await run.start('risk-engine', SMALL_BATCHES);
  await reached(run, Math.floor((0.4 + 0.2 * fraction()) * subjects));
  second.process.kill('SIGSTOP');
  await sleep(stopMs);
  second.process.kill('SIGCONT');
  return third;
}
