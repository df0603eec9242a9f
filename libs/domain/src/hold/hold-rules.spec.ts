/** Who may do what to a hold, by DESIGN's table: every state against every command, the illegal ones included. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HOUR_MS, MINUTE_MS, type Instant } from '../kernel/instant.ts';
import type { HeldTier } from '../policy/policy.ts';
import { tierRank } from '../assessment/assessment.ts';
import { NOON } from '../testing/events.ts';
import { decideHold, type HoldCommand } from './hold-rules.ts';
import { isOpen, type ExpiryAction, type HoldState, type HoldStatus } from './hold.ts';

const DUE = NOON + 2 * HOUR_MS;
const CEILING = NOON + 72 * HOUR_MS;
const BEFORE = NOON + HOUR_MS;

function holdOf(
  tier: HeldTier,
  status: HoldStatus,
  expiryAction: ExpiryAction = 'reconfirm',
): HoldState {
  const ended = { at: BEFORE, actor: 'analyst', reason: 'spec' } as const;
  return {
    tier,
    status,
    placedAt: NOON,
    dueAt: DUE,
    ceilingAt: CEILING,
    expiryAction,
    orderSequence: 4,
    attempt: 2,
    profile: 'CN',
    ...(isOpen({ status }) ? {} : { ended }),
  };
}

const reason = 'spec';
const staff = (secondPerson: boolean, contactRecorded: boolean): HoldCommand => ({
  type: 'release',
  actor: 'analyst',
  reason,
  secondPerson,
  contactRecorded,
});
const payer = (freshSession: boolean, callRunning: boolean): HoldCommand => ({
  type: 'release',
  actor: 'payer',
  freshSession,
  callRunning,
});
const extend = (actor: 'clock' | 'analyst', dueAt: Instant): HoldCommand => ({
  type: 'extend',
  actor,
  dueAt,
  reason,
});

/** In the order of the columns below. */
const COMMANDS: Readonly<Record<string, HoldCommand>> = {
  'raise to T3': { type: 'raise', tier: 'T3', dueAt: DUE + HOUR_MS },
  'raise to T4': { type: 'raise', tier: 'T4', dueAt: DUE + HOUR_MS },
  'clock extends': extend('clock', DUE + 1),
  'analyst extends': extend('analyst', CEILING),
  'extends to the same': extend('analyst', DUE),
  'extends beyond': extend('analyst', CEILING + 1),
  mature: { type: 'mature' },
  expire: { type: 'expire' },
  'clock releases': { type: 'release', actor: 'clock', responsesReadUntil: DUE + 1 },
  'clock, answers unread': { type: 'release', actor: 'clock', responsesReadUntil: DUE },
  'one analyst': staff(false, false),
  'one analyst, contact': staff(false, true),
  'two, no contact': staff(true, false),
  'two and contact': staff(true, true),
  appeal: { type: 'release', actor: 'analyst', appealVerified: true, reason },
  'authority lifts': { type: 'release', actor: 'authority', reason },
  reconfirm: payer(true, false),
  'same session': payer(false, false),
  'on the phone': payer(true, true),
  settled: { type: 'release', actor: 'processor' },
  'payer cancels': { type: 'cancel', actor: 'payer', reason },
  'analyst cancels': { type: 'cancel', actor: 'analyst', reason },
  'authority stops': { type: 'cancel', actor: 'authority', reason },
  withdrawn: { type: 'cancel', actor: 'processor', reason },
};

/** What a cell stands for: the change, or the refusal. */
const CELLS: Readonly<Record<string, string>> = {
  EXT: 'extended',
  MAT: 'matured',
  REL: 'released',
  CAN: 'cancelled',
  EXP: 'expired',
  end: 'hold_ended',
  due: 'not_due',
  mtd: 'not_matured',
  two: 'needs_second_person',
  con: 'needs_contact',
  ses: 'needs_fresh_session',
  tel: 'call_running',
  ltr: 'not_later',
  ceil: 'beyond_ceiling',
  str: 'not_stricter',
  prof: 'profile_forbids',
  read: 'responses_unread',
};

type StateRow = readonly [title: string, hold: HoldState, now: Instant, cells: string];

const E = 'end '.repeat(24).trim();
const STATES: readonly StateRow[] = [
  //                                                              r3  r4  ext ext ltr bey mat exp clk unr 1   1c  2   2c  app ath rcf ses tel set pay ana ath wdr
  [
    'T2, before due',
    holdOf('T2', 'placed'),
    BEFORE,
    'EXT EXT EXT EXT ltr ceil due due prof prof REL REL REL REL REL REL mtd mtd mtd REL CAN CAN CAN CAN',
  ],
  [
    'T3, before due',
    holdOf('T3', 'placed'),
    BEFORE,
    'str EXT EXT EXT ltr ceil due due prof prof two two con REL REL REL mtd mtd mtd REL CAN CAN CAN CAN',
  ],
  [
    'T4, before due',
    holdOf('T4', 'placed'),
    BEFORE,
    'str str EXT EXT ltr ceil due due prof prof two two con REL REL REL mtd mtd mtd REL CAN CAN CAN CAN',
  ],
  [
    'T2, just before due',
    holdOf('T2', 'placed'),
    DUE - 1,
    'EXT EXT EXT EXT ltr ceil due due prof prof REL REL REL REL REL REL mtd mtd mtd REL CAN CAN CAN CAN',
  ],
  [
    'T2, due',
    holdOf('T2', 'placed'),
    DUE,
    'EXT EXT EXT EXT ltr ceil MAT due prof prof REL REL REL REL REL REL mtd mtd mtd REL CAN CAN CAN CAN',
  ],
  [
    'T4, due',
    holdOf('T4', 'placed'),
    DUE,
    'str str EXT EXT ltr ceil MAT due prof prof two two con REL REL REL mtd mtd mtd REL CAN CAN CAN CAN',
  ],
  [
    'T2, matured',
    holdOf('T2', 'matured'),
    DUE + 1,
    'EXT EXT due due due due due due prof prof REL REL REL REL REL REL REL ses tel REL CAN CAN CAN CAN',
  ],
  [
    'T3, matured',
    holdOf('T3', 'matured'),
    DUE + 1,
    'str EXT due due due due due due prof prof two two con REL REL REL REL ses tel REL CAN CAN CAN CAN',
  ],
  [
    'T4, matured',
    holdOf('T4', 'matured'),
    DUE + 1,
    'str str due due due due due due prof prof two two con REL REL REL REL ses tel REL CAN CAN CAN CAN',
  ],
  [
    'T3, just before the ceiling',
    holdOf('T3', 'matured'),
    CEILING - 1,
    'str EXT due due due due due due prof prof two two con REL REL REL REL ses tel REL CAN CAN CAN CAN',
  ],
  [
    'profile release, before due',
    holdOf('T2', 'placed', 'release'),
    BEFORE,
    'EXT EXT EXT EXT ltr ceil due prof due due REL REL REL REL REL REL mtd mtd mtd REL CAN CAN CAN CAN',
  ],
  [
    'profile release, due',
    holdOf('T3', 'placed', 'release'),
    DUE,
    'str EXT EXT EXT ltr ceil prof prof REL read two two con REL REL REL mtd mtd mtd REL CAN CAN CAN CAN',
  ],
  [
    'profile reject, before due',
    holdOf('T2', 'placed', 'reject'),
    BEFORE,
    'EXT EXT EXT EXT ltr ceil due due prof prof REL REL REL REL REL REL mtd mtd mtd REL CAN CAN CAN CAN',
  ],
  [
    'profile reject, due',
    holdOf('T3', 'placed', 'reject'),
    DUE,
    'str EXT EXT EXT ltr ceil prof EXP prof prof two two con REL REL REL mtd mtd mtd REL CAN CAN CAN CAN',
  ],
  ['released', holdOf('T2', 'released'), DUE + 1, E],
  ['cancelled', holdOf('T3', 'cancelled'), DUE + 1, E],
  ['expired', holdOf('T4', 'expired'), CEILING, E],
];

describe.each(STATES)('%s', (_title, hold, now, cells) => {
  const columns = cells.split(/\s+/);
  it('has a cell for every command', () => {
    expect(columns.length).toBe(Object.keys(COMMANDS).length);
  });

  it.each(
    Object.entries(COMMANDS).map(
      ([name, command], i) => [name, CELLS[columns[i] ?? ''], command] as const,
    ),
  )('%s: %s', (_name, expected, command) => {
    const verdict = decideHold(hold, command, now);
    expect(verdict.ok ? verdict.change : verdict.code).toBe(expected);
  });
});

describe('the clock', () => {
  it('releases at the ceiling, however late, what the profile releases, and never expires it', () => {
    const hold = holdOf('T4', 'placed', 'release');
    const release = { type: 'release', actor: 'clock', responsesReadUntil: CEILING } as const;
    for (const now of [CEILING, CEILING + 5 * HOUR_MS]) {
      expect(decideHold(hold, release, now)).toMatchObject({ ok: true, change: 'released' });
      expect(decideHold(hold, { type: 'expire' }, now)).toMatchObject({ code: 'profile_forbids' });
    }
  });

  it.each(['placed', 'matured'] as const)('expires a hold that is %s at its ceiling', (status) => {
    for (const action of ['reconfirm', 'reject'] as const) {
      const verdict = decideHold(holdOf('T4', status, action), { type: 'expire' }, CEILING);
      expect(verdict).toMatchObject({ ok: true, change: 'expired', actor: 'clock' });
    }
  });
});

describe('past its ceiling, however late the clock is', () => {
  it.each(Object.entries(COMMANDS))('%s', (_name, command) => {
    for (const status of ['placed', 'matured'] as const) {
      const verdict = decideHold(holdOf('T2', status), command, CEILING);
      const passes =
        command.type === 'expire' ||
        command.type === 'cancel' ||
        (command.type === 'release' && command.actor === 'processor');
      const byClock = command.type === 'release' && command.actor === 'clock';
      const refused = byClock ? 'profile_forbids' : 'beyond_ceiling';
      expect(verdict.ok ? 'done' : verdict.code).toBe(passes ? 'done' : refused);
    }
  });
});

describe('what a hold becomes', () => {
  const placed = holdOf('T2', 'placed');
  it('raised: the tier rises and it waits anew, never less long nor beyond the ceiling', () => {
    const raise = (dueAt: Instant) =>
      decideHold(placed, { type: 'raise', tier: 'T4', dueAt }, BEFORE);
    expect(raise(DUE + HOUR_MS)).toMatchObject({
      hold: { tier: 'T4', dueAt: DUE + HOUR_MS, status: 'placed' },
    });
    expect(raise(DUE - HOUR_MS)).toMatchObject({ hold: { tier: 'T4', dueAt: DUE } });
    expect(raise(CEILING + HOUR_MS)).toMatchObject({ hold: { tier: 'T4', dueAt: CEILING } });
  });

  it('raised when matured: placed again, so that an earlier due time does not count for the new tier', () => {
    const verdict = decideHold(
      holdOf('T2', 'matured'),
      { type: 'raise', tier: 'T3', dueAt: DUE + HOUR_MS },
      DUE + 1,
    );
    expect(verdict).toMatchObject({ hold: { status: 'placed', dueAt: DUE + HOUR_MS } });
  });

  it.each(Object.entries(COMMANDS))(
    '%s: a change says who, why, and gives the next order',
    (_name, command) => {
      const hold = holdOf('T2', 'matured');
      const verdict = decideHold(hold, command, DUE + 1);
      if (!verdict.ok) return expect(Object.keys(verdict).sort()).toEqual(['code', 'ok']);
      expect(verdict.hold).toMatchObject({ orderSequence: 5, attempt: 1 });
      expect(verdict.hold.resendAt).toBeGreaterThan(DUE + 1);
      expect(verdict.reason).not.toBe('');
      if ('actor' in command) expect(verdict.actor).toBe(command.actor);
      if (!isOpen(verdict.hold)) {
        expect(verdict.hold.ended).toEqual({
          at: DUE + 1,
          actor: verdict.actor,
          reason: verdict.reason,
        });
      }
      expect(hold).toEqual(holdOf('T2', 'matured'));
    },
  );
});

const instants = fc.integer({ min: NOON, max: CEILING + HOUR_MS });
const tiers = fc.constantFrom<HeldTier[]>('T2', 'T3', 'T4');
const command: fc.Arbitrary<HoldCommand> = fc.oneof(
  fc.constantFrom(...Object.values(COMMANDS)),
  fc.record({ type: fc.constant('raise' as const), tier: tiers, dueAt: instants }),
  fc.record({
    type: fc.constant('extend' as const),
    actor: fc.constantFrom('clock' as const, 'analyst' as const),
    dueAt: instants,
    reason: fc.constant(reason),
  }),
);

describe('whatever is done to a hold', () => {
  it('it ends at most once, is never due earlier, never passes its ceiling, and its orders are counted', () => {
    let ends = 0;
    fc.assert(
      fc.property(
        tiers,
        fc.constantFrom<ExpiryAction[]>('reconfirm', 'release', 'reject'),
        fc.array(fc.tuple(command, fc.nat(40 * 60 * MINUTE_MS)), { maxLength: 30 }),
        (tier, action, steps) => {
          let hold = holdOf(tier, 'placed', action);
          let now = NOON;
          let ended = 0;
          for (const [next, wait] of steps) {
            now += wait;
            const verdict = decideHold(hold, next, now);
            if (!verdict.ok) {
              if (ended > 0) expect(verdict.code).toBe('hold_ended');
              continue;
            }
            const after = verdict.hold;
            expect(ended).toBe(0);
            expect(after.orderSequence).toBe(hold.orderSequence + 1);
            expect(after.dueAt).toBeGreaterThanOrEqual(hold.dueAt);
            expect(after.dueAt).toBeLessThanOrEqual(CEILING);
            expect(after.ceilingAt).toBe(CEILING);
            expect(after.placedAt).toBe(NOON);
            expect(tierRank(after.tier)).toBeGreaterThanOrEqual(tierRank(hold.tier));
            if (!isOpen(after)) ended += 1;
            expect(after.ended === undefined).toBe(isOpen(after));
            hold = after;
          }
          ends += ended;
        },
      ),
      { seed: 20_261_124, numRuns: 1500 },
    );
    expect(ends).toBeGreaterThan(500);
  });

  it('the clock neither releases nor matures it before it is due', () => {
    fc.assert(
      fc.property(tiers, fc.integer({ min: NOON, max: DUE - 1 }), (tier, now) => {
        for (const action of ['reconfirm', 'release', 'reject'] as const) {
          const hold = holdOf(tier, 'placed', action);
          for (const next of [COMMANDS['mature'], COMMANDS['expire'], COMMANDS['clock releases']]) {
            if (next !== undefined) expect(decideHold(hold, next, now).ok).toBe(false);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
