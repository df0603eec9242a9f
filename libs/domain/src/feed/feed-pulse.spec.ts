/** Feeds as they are in life: busy, rare, bunched, asleep at night, down for an hour, gone. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../kernel/instant.ts';
import {
  feedHealth,
  feedState,
  pulseAfter,
  type FeedPulse,
  type FeedPulses,
} from './feed-pulse.ts';

const START = Date.UTC(2026, 8, 1);

function pulseOf(times: Iterable<number>): FeedPulse | undefined {
  let pulse: FeedPulse | undefined;
  for (const at of times) pulse = pulseAfter(pulse, at);
  return pulse;
}

/** One event every `everyMs` from `from` on, for `forMs`. */
function steady(everyMs: number, forMs: number, from = START): number[] {
  return Array.from({ length: Math.floor(forMs / everyMs) + 1 }, (_, i) => from + i * everyMs);
}

/** Times from `after` on at which an event came from a feed that was taken as stopped. */
function alarms(times: readonly number[], after = START): number[] {
  let pulse: FeedPulse | undefined;
  const found: number[] = [];
  for (const at of times) {
    if (at >= after && feedState(pulse, at) === 'stopped') found.push(at);
    pulse = pulseAfter(pulse, at);
  }
  return found;
}

describe('a feed', () => {
  it('that never spoke is absent, however long one waits', () => {
    expect(feedState(undefined, START)).toBe('absent');
    expect(feedState(undefined, START + 365 * DAY_MS)).toBe('absent');
  });

  it.each([
    ['new', [START], 40 * MINUTE_MS],
    ['of one event a second, a day old', steady(SECOND_MS, DAY_MS), 37 * MINUTE_MS],
    [
      'of three events a minute, two months old',
      steady(SECOND_MS * 20, 60 * DAY_MS),
      80 * SECOND_MS,
    ],
    ['of one event an hour', steady(HOUR_MS, 7 * DAY_MS), 4 * HOUR_MS],
    // What is remembered fades while one waits.
    ['of one event a day', steady(DAY_MS, 30 * DAY_MS), 2.98 * DAY_MS],
  ])('%s is taken as stopped after a silence that it never had', (_, times, silenceMs) => {
    const pulse = pulseOf(times);
    const last = times.at(-1) as number;
    expect(feedState(pulse, last)).toBe('live');
    expect(feedState(pulse, last + silenceMs * 0.9)).toBe('live');
    expect(feedState(pulse, last + silenceMs * 1.1)).toBe('stopped');
  });

  it('that sleeps at night alarms at most in its first night', () => {
    const day = steady(10 * SECOND_MS, 20 * HOUR_MS);
    const days = Array.from({ length: 21 }, (_, i) => day.map((at) => at + i * DAY_MS)).flat();
    expect(alarms(days, START + 2 * DAY_MS)).toEqual([]);
    expect(alarms(days).length).toBeLessThanOrEqual(1);
  });

  it('that rests over the weekend alarms at most on its first ones', () => {
    const day = steady(MINUTE_MS, 10 * HOUR_MS);
    const workdays = Array.from({ length: 56 }, (_, i) => i).filter((i) => i % 7 < 5);
    const times = workdays.flatMap((i) => day.map((at) => at + i * DAY_MS));
    expect(alarms(times, START + 14 * DAY_MS)).toEqual([]);
  });

  it('that comes in bunches is not taken for one that stands still between them', () => {
    const bunch = steady(20, 2 * SECOND_MS);
    const bunches = Array.from({ length: 400 }, (_, i) => i * 7 * MINUTE_MS);
    const times = bunches.flatMap((offset) => bunch.map((at) => at + offset));
    expect(alarms(times)).toEqual([]);
  });

  it('is live again with its first event, and one outage does not hide the next', () => {
    const busy = steady(SECOND_MS * 10, 60 * DAY_MS);
    const back = (busy.at(-1) as number) + 12 * HOUR_MS;
    const pulse = pulseOf([...busy, back]);
    expect(feedState(pulse, back)).toBe('live');
    expect(feedState(pulse, back + HOUR_MS / 2)).toBe('stopped');
  });

  it.each(Array.from({ length: 5 }, (_, seed) => seed + 1))(
    'with events at random alarms less than once in a month (seed %i)',
    (seed) => {
      let state = seed;
      const chance = (): number => {
        state = (state * 48_271) % 2_147_483_647;
        return state / 2_147_483_647;
      };
      const times: number[] = [START];
      while ((times.at(-1) as number) < START + 30 * DAY_MS) {
        times.push(Math.round((times.at(-1) as number) - 2 * MINUTE_MS * Math.log(chance())));
      }
      expect(alarms(times)).toEqual([]);
    },
  );
});

describe('a pulse', () => {
  const times = fc.array(fc.integer({ min: 0, max: 30 * DAY_MS }), { maxLength: 60 });

  it('is integers, and late events leave it as it is', () => {
    fc.assert(
      fc.property(times, (offsets) => {
        const pulse = pulseOf(offsets.map((offset) => START + offset));
        if (pulse === undefined) return;
        expect(Object.values(pulse).every(Number.isSafeInteger)).toBe(true);
        expect(pulse.lastAt).toBe(START + Math.max(...offsets));
        expect(pulseAfter(pulse, pulse.lastAt - 1)).toBe(pulse);
        expect(pulseAfter(pulse, pulse.lastAt)).toBe(pulse);
        expect(feedState(pulse, pulse.lastAt - HOUR_MS)).toBe('live');
      }),
    );
  });

  it('once stopped stays so until the feed speaks', () => {
    fc.assert(
      fc.property(times, fc.nat(DAY_MS), fc.nat(DAY_MS), (offsets, wait, more) => {
        const pulse = pulseOf(offsets.map((offset) => START + offset));
        const at = (pulse?.lastAt ?? START) + wait;
        if (feedState(pulse, at) !== 'stopped') return;
        expect(feedState(pulse, at + more)).toBe('stopped');
      }),
    );
  });
});

describe('the health of a partition', () => {
  const quiet = pulseOf([START]) as FeedPulse;

  it('names what is absent and what has stopped apart', () => {
    const pulses: FeedPulses = {
      'session.signals': quiet,
      'payments.transfers': pulseOf([START, START + 2 * DAY_MS]) as FeedPulse,
    };
    expect(feedHealth(pulses, START + 2 * DAY_MS)).toEqual({
      missing: [
        'payer.profiles',
        'session.signals',
        'identity.codes',
        'holds.responses',
        'credit.draws',
      ],
      stopped: ['session.signals'],
    });
  });

  it('takes silence of profiles and responses as what it is: nothing changed, nothing was held', () => {
    const pulses: FeedPulses = { 'payer.profiles': quiet, 'holds.responses': quiet };
    expect(feedHealth(pulses, START + 30 * DAY_MS).stopped).toEqual([]);
  });
});
