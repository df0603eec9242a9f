/** The scorer alone: a window folded, gathered and weighed, without servers or reading the wire. */
import {
  assessPayer,
  compareEvents,
  subjectKey,
  subjectOf,
  isSubjectEvent,
  NO_CODES,
  type PlatformEvent,
  type Policy,
} from '#domain';
import { defaultPolicy, readLine } from '#contracts';
import type { BenchOptions } from './bench.ts';
import { Latencies } from './latencies.ts';
import { Load } from './load.ts';

const ROUNDS = 4_000;
const AT = Date.UTC(2026, 10, 24);

export function section({ say }: BenchOptions): Promise<void> {
  say('Scorer alone');
  for (const events of [10, 50, 200, 500]) say(`  ${benchScorer(defaultPolicy(), events)}`);
  return Promise.resolve();
}

/** Assessments per second and latency of one assessment in windows of so many events. */
function benchScorer(policy: Policy, windowEvents: number): string {
  const events = windowOf(windowEvents);
  const last = events.findLast(isSubjectEvent);
  if (last === undefined) throw new Error('the window has no transfer');
  const targets = new Set([subjectKey(subjectOf(last))]);
  const recorded = new Map(
    events.filter(isSubjectEvent).map((event) => {
      const subject = subjectOf(event);
      const verdict = { outcome: 'allow', tier: 'T0', ownTier: 'T0', lowered: false } as const;
      const record = {
        subject,
        requestedAt: event.time,
        sequence: 1,
        effect: verdict,
        assessed: verdict,
      };
      return [subjectKey(subject), record] as const;
    }),
  );
  const window = {
    payerId: 'payer-0',
    events,
    recorded,
    payees: new Map(),
    cut: [],
    windowTruncated: false,
    listedPayees: new Set<string>(),
  };
  const latencies = new Latencies();
  for (let round = -ROUNDS / 4; round < ROUNDS; round += 1) {
    const startedAt = performance.now();
    assessPayer(window, targets, policy, NO_CODES);
    if (round >= 0) latencies.add(performance.now() - startedAt);
  }
  const perSecond = Math.round(1_000 / latencies.percentile(50)).toLocaleString('en');
  const [p50, p99] = [50, 99].map((of) => (latencies.percentile(of) * 1_000).toFixed(0));
  return `window of ${windowEvents} events: ${perSecond} assessments/s, p50 ${p50} µs, p99 ${p99} µs`;
}

/** One payer's events of two days, ending with a transfer. */
function windowOf(count: number): PlatformEvent[] {
  const load = new Load({ payers: 1, present: 1, transferShare: 0.25, partitions: 1, seed: 7 });
  const events: PlatformEvent[] = [];
  for (let n = 0; events.length < count; n += 1) {
    const at = AT + Math.floor((n / (count * 1.2)) * 172_800_000);
    const { headers, value } = load.next(at);
    const envelope = Object.entries(headers)
      .filter(([name]) => name.startsWith('ce_'))
      .map(([name, text]) => [name.slice(3), text]);
    const line = JSON.stringify({
      ...Object.fromEntries(envelope),
      data: JSON.parse(value) as object,
    });
    const read = readLine(line, n + 1);
    if (read.kind !== 'event') continue;
    if (events.length === count - 1 && !isSubjectEvent(read.event)) continue;
    events.push(read.event);
  }
  return events.sort(compareEvents);
}
