/** Whether a feed that says nothing has stopped or is merely quiet, told by how often it usually speaks. */
import { HOUR_MS, MINUTE_MS, type Instant } from '../kernel/instant.ts';

/** How often a feed speaks: enough to be kept beside its position. */
export interface FeedPulse {
  /** Of its last record. */
  readonly lastAt: Instant;
  /** Records per millisecond, an average of the last hours up to `lastAt`. */
  readonly perMs: number;
}

/** Older records weigh e times less for each of these. */
const MEMORY_MS = HOUR_MS;
/** Shorter silences are a hiccup. */
const SILENCE_MS_MIN = MINUTE_MS;
/** Records that should have come: silence through so many has a chance of e⁻¹⁴, one in a million, if records come independently. */
const MISSED_MIN = 14;

/** The pulse after `count` more records, the last of them at `at`. */
export function pulseAfter(pulse: FeedPulse | undefined, count: number, at: Instant): FeedPulse {
  if (pulse === undefined) return { lastAt: at, perMs: count / MEMORY_MS };
  const passedMs = Math.max(0, at - pulse.lastAt);
  const kept = Math.exp(-passedMs / MEMORY_MS);
  return {
    lastAt: Math.max(at, pulse.lastAt),
    perMs:
      pulse.perMs * kept +
      (count / MEMORY_MS) * (passedMs === 0 ? 1 : (1 - kept) / (passedMs / MEMORY_MS)),
  };
}

/** `never`: no record was ever seen. `stopped`: silent for longer than chance allows. Otherwise `live`, quiet hours included. */
export type FeedState = 'never' | 'live' | 'stopped';

export function feedState(pulse: FeedPulse | undefined, now: Instant): FeedState {
  if (pulse === undefined) return 'never';
  const silenceMs = now - pulse.lastAt;
  return silenceMs >= SILENCE_MS_MIN && silenceMs * pulse.perMs >= MISSED_MIN ? 'stopped' : 'live';
}
