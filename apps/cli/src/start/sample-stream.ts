/** The two people's afternoons as streams to send: moved to now, with ids of this run's own, so that a second start tells them anew. */
import { readFileSync } from 'node:fs';
import type { WireEvent } from '#reference-processor';

/** A structured CloudEvent of a sample file; its time is the report's where `reported`, moved otherwise. */
export type SampleEvent = WireEvent;

export interface SampleStep {
  /** As it was reported: what people read. */
  readonly reported: SampleEvent;
  /** As it is sent. */
  readonly sent: SampleEvent;
}

export type SampleName = 'li' | 'xu';

/** The steps of a sample in order; the last one is sent as of `endsAt`. `run` makes ids and accounts this run's own. */
export function sampleSteps(name: SampleName, endsAt: number, run: string): readonly SampleStep[] {
  const reported = readSample(name);
  const last = reported.at(-1);
  const shift = last === undefined ? 0 : endsAt - Date.parse(last.time);
  return reported.map((event) => ({ reported: event, sent: moved(event, shift, run) }));
}

function readSample(name: SampleName): readonly SampleEvent[] {
  const text = readFileSync(new URL(`../../samples/${name}.jsonl`, import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as SampleEvent);
}

function moved(event: SampleEvent, shift: number, run: string): SampleEvent {
  const at = Date.parse(event.time) + shift;
  return {
    ...event,
    id: `${event.id}-${run}`,
    time: new Date(at).toISOString(),
    data: renamed(event.data, run),
  };
}

const NAMES: ReadonlySet<string> = new Set(['accountId', 'sessionId', 'transferId', 'drawId']);

function renamed(data: SampleEvent['data'], run: string): SampleEvent['data'] {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => {
      if (NAMES.has(key) && typeof value === 'string') return [key, `${value}-${run}`];
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
      return [key, isObject ? renamed(value as SampleEvent['data'], run) : value];
    }),
  );
}
