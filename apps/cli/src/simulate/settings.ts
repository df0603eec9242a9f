/** What a simulation is made from. Everything has a default; the seed alone decides what happens. */
import { DAY_MS, type Instant } from '#domain';
import type { Feed } from './feeds.ts';
import { SCRIPTS, type ScriptName } from './scams/scripts.ts';

export interface SimulationSettings {
  readonly seed: string;
  readonly payers: number;
  readonly days: number;
  /** Local midnight (UTC+8) unless told otherwise. */
  readonly start: Instant;
  /** Episodes per payer and day. */
  readonly scamRate: number;
  readonly scripts: readonly ScriptName[];
  readonly without: ReadonlySet<Feed>;
}

/**
 * An episode a payer in 2,000 days is far more than life has: with the transfers that an episode consists of, scams are about one
 * in 800 transfers instead of one in 10,000 (DETECTION §2.1), so that a small run holds enough of them to count.
 */
export const SCAM_RATE_DEFAULT = 0.0005;

/** DETECTION §2.1: scam transfers among all transfers where anybody publishes them. */
export const REAL_SHARE = 1e-4;

/** Monday 2 March 2026, midnight in China: paydays, rents and repayments all fall into three weeks. */
export const START_DEFAULT: Instant = Date.UTC(2026, 2, 1, 16);

export const DEFAULT_SETTINGS: SimulationSettings = {
  seed: '1',
  payers: 3_000,
  days: 20,
  start: START_DEFAULT,
  scamRate: SCAM_RATE_DEFAULT,
  scripts: Object.keys(SCRIPTS) as ScriptName[],
  without: new Set(),
};

export function endOf(settings: SimulationSettings): Instant {
  return settings.start + settings.days * DAY_MS;
}
