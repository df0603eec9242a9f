/** Whether a feed that says nothing has stopped or is merely quiet, told by the silences it has had before. */
import type { InputTopic } from '../event/event.ts';
import { INPUT_TOPICS } from '../event/event.ts';
import { MINUTE_MS, DAY_MS, type Instant } from '../kernel/instant.ts';

/**
 * What is known of how a feed speaks: integers only, so that it is the same after it was stored and read back. Silences rather than a
 * rate, because events come in bunches and nights are quiet: a rate calls both a standstill.
 */
export interface FeedPulse {
  /** Event time of its newest event. */
  readonly lastAt: Instant;
  /** The longest silence of late, and when it ended: what is remembered of it halves every week. */
  readonly silenceMs: number;
  readonly silenceAt: Instant;
}

/** Of one partition: every input topic that ever spoke there. */
export type FeedPulses = Readonly<Partial<Record<InputTopic, FeedPulse>>>;

/** Silence is normal up to so many times the longest one remembered: the longest of n gaps is ln n means long, so 4 ln n is one in n⁴. */
const TIMES_LONGEST = 4;
/** A shorter silence is a hiccup, however busy the feed. */
const HICCUP_MS = MINUTE_MS;
/** What a feed that nobody knows yet is taken to be used to. */
const FIRST_SILENCE_MS = 10 * MINUTE_MS;
const HALF_LIFE_MS = 7 * DAY_MS;
/** A standstill teaches no more than this many times what was remembered; otherwise one outage would hide the next. */
const LESSON_TIMES = 8;

/** The pulse after an event at `at`. Late events change nothing. */
export function pulseAfter(pulse: FeedPulse | undefined, at: Instant): FeedPulse {
  if (pulse === undefined) return { lastAt: at, silenceMs: FIRST_SILENCE_MS, silenceAt: at };
  const gap = at - pulse.lastAt;
  if (gap <= 0) return pulse;
  // Most gaps are shorter than anything worth remembering.
  if (gap * TIMES_LONGEST < HICCUP_MS) return { ...pulse, lastAt: at };
  const remembered = rememberedMs(pulse, at);
  if (gap <= remembered) return { ...pulse, lastAt: at };
  const lesson = LESSON_TIMES * Math.max(remembered, HICCUP_MS / TIMES_LONGEST);
  return { lastAt: at, silenceMs: Math.round(Math.min(gap, lesson)), silenceAt: at };
}

function rememberedMs({ silenceMs, silenceAt }: FeedPulse, at: Instant): number {
  return silenceMs * 2 ** ((silenceAt - at) / HALF_LIFE_MS);
}

/** `absent`: no event was ever seen. `stopped`: silent for far longer than it ever is. Otherwise `live`, quiet hours included. */
export type FeedState = 'absent' | 'stopped' | 'live';

/** By event time `at`, so that it is the same whenever it is asked. */
export function feedState(pulse: FeedPulse | undefined, at: Instant): FeedState {
  if (pulse === undefined) return 'absent';
  const silence = at - pulse.lastAt;
  if (silence <= HICCUP_MS) return 'live';
  return silence > TIMES_LONGEST * rememberedMs(pulse, at) ? 'stopped' : 'live';
}

/**
 * Feeds that speak by themselves as long as people live. Profiles change when somebody moves house and responses come when something is
 * held: their silence says nothing.
 */
const SPEAKS_BY_ITSELF: ReadonlySet<InputTopic> = new Set([
  'session.signals',
  'identity.codes',
  'credit.draws',
  'payments.transfers',
]);

/** Feeds whose evidence cannot be there, in the order of `INPUT_TOPICS`. */
export interface FeedHealth {
  /** Absent or stopped. */
  readonly missing: readonly InputTopic[];
  /** Of `missing`: those that spoke once. */
  readonly stopped: readonly InputTopic[];
}

/** Of one partition by event time `at`. */
export function feedHealth(pulses: FeedPulses, at: Instant): FeedHealth {
  const missing: InputTopic[] = [];
  const stopped: InputTopic[] = [];
  for (const topic of INPUT_TOPICS) {
    const pulse = pulses[topic];
    if (pulse === undefined) {
      missing.push(topic);
    } else if (SPEAKS_BY_ITSELF.has(topic) && feedState(pulse, at) === 'stopped') {
      missing.push(topic);
      stopped.push(topic);
    }
  }
  return { missing, stopped };
}
