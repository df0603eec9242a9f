/** Token buckets: so many at once, so many a second afterwards, each caller by itself. */
import type { Clock } from '#application';

export interface RateLimit {
  /** Takes one; false when there is none left. */
  take(who: string): boolean;
}

/** Callers remembered at most; the longest unseen are forgotten first, which only ever lets somebody through. */
const CALLERS_MAX = 10_000;

export function rateLimit(atOnce: number, perSecond: number, clock: Clock): RateLimit {
  const buckets = new Map<string, { left: number; at: number }>();
  return {
    take(who) {
      const now = clock.now();
      const bucket = buckets.get(who) ?? { left: atOnce, at: now };
      buckets.delete(who);
      const left = Math.min(atOnce, bucket.left + ((now - bucket.at) / 1_000) * perSecond);
      buckets.set(who, { left: left >= 1 ? left - 1 : left, at: now });
      if (buckets.size > CALLERS_MAX) buckets.delete(buckets.keys().next().value ?? '');
      return left >= 1;
    },
  };
}
