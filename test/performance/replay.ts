/** Replay alone: lines of events read, checked, decided and written, in one thread, without servers or files. */
import { Replay } from '#application';
import { NODE_HASHING } from '#config';
import { assessmentEvent, defaultNotices, defaultPolicy, makeCodeBook, readLine } from '#contracts';
import type { DecisionBody, DecisionPersonal } from '#domain';
import type { BenchOptions } from './bench.ts';
import { Load } from './load.ts';

const RUNS = 4;
const AT = Date.UTC(2026, 10, 24);
/** Time between two events of the stream, which is another thing than the time it takes to replay them. */
const GAP_MS = 50;

/** Events per second of one thread, half of the events transfers, every field checked, every assessment written as text. */
export function section({ quick, say }: BenchOptions): Promise<void> {
  say('Replay, one thread, half of the events transfers, checked and written');
  const lines = streamOf(quick ? 30_000 : 200_000);
  for (let run = 0; run < RUNS; run += 1) {
    const { seconds, decisions, micros } = replayed(lines);
    // Code that has not run yet is slower, and people mostly replay files once: the first run is shown as well.
    const name = run === 0 ? 'the first run' : `run ${run + 1}`;
    const [events, made] = [lines.length, decisions].map((count) =>
      Math.round(count / seconds).toLocaleString('en'),
    );
    const cpu = (micros / lines.length).toFixed(1);
    say(`  ${name}: ${events} events/s, ${made} decisions/s, ${cpu} µs of the thread per event`);
  }
  return Promise.resolve();
}

function streamOf(count: number): readonly string[] {
  const load = new Load({
    payers: 20_000,
    present: 400,
    transferShare: 0.5,
    partitions: 12,
    seed: 7,
  });
  return Array.from({ length: count }, (_, n) => {
    const { headers, value } = load.next(AT + n * GAP_MS);
    const attributes = Object.entries(headers)
      .filter(([name]) => name.startsWith('ce_'))
      .map(([name, text]) => [name.slice(3), text]);
    const data = JSON.parse(value) as object;
    return JSON.stringify({ ...(Object.fromEntries(attributes) as object), data });
  });
}

interface Replayed {
  readonly seconds: number;
  readonly decisions: number;
  /** Processor time of this thread: what is left when others keep the machine busy. */
  readonly micros: number;
}

function replayed(lines: readonly string[]): Replayed {
  const settings = {
    policy: defaultPolicy(),
    notices: defaultNotices(),
    codeBook: makeCodeBook(new Map()),
  };
  const replay = new Replay(settings, NODE_HASHING);
  const startedAt = performance.now();
  const before = process.threadCpuUsage();
  let [decisions, written] = [0, 0];
  for (const [index, line] of lines.entries()) {
    const read = readLine(line, index + 1);
    if (read.kind !== 'event') throw new Error(`line ${index + 1} is ${read.kind}`);
    const result = replay.offer(read.event, read.contentHash);
    if (result.kind !== 'taken') throw new Error(`line ${index + 1} is ${result.kind}`);
    for (const { type, body, personal } of result.entries) {
      if (type !== 'decision.made') continue;
      decisions += 1;
      const decision = { body: body as DecisionBody, personal: personal as DecisionPersonal };
      written += JSON.stringify(assessmentEvent(decision)).length;
    }
  }
  if (written === 0) throw new Error('nothing was decided');
  const { user, system } = process.threadCpuUsage(before);
  const seconds = (performance.now() - startedAt) / 1_000;
  return { seconds, decisions, micros: user + system };
}
