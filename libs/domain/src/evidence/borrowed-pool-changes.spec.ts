/** The borrowed pool by SCORING §2: what goes back into it and what leaves it otherwise than by being sent. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { PlatformEvent, TransferRequested } from '../event/event.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../kernel/instant.ts';
import {
  NOON,
  SHOP,
  ago,
  cancelled,
  drawCancelled,
  drawn,
  failed,
  repaid,
  responded,
  settled,
  transfer,
  type DrawGiven,
  type TransferGiven,
} from '../testing/events.ts';
import { makeScorer, onRecord, specHoldId, type Beside } from '../testing/scorer.ts';

const { assessRow } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);

interface PoolRow {
  readonly when: string;
  readonly before: readonly PlatformEvent[];
  readonly subject?: TransferRequested;
  readonly beside?: Beside;
  /** Yuan traced and minutes of age of each part, newest draw first. */
  readonly parts: readonly (readonly [yuan: number, minutes: number])[];
}

/** Takes more than there ever is, so that all of the pool shows. */
const probe = (given: TransferGiven = {}) =>
  transfer({ yuan: 1_000_000, to: { accountId: 'probe' }, ...given });

function check({ before, subject = probe(), beside = {}, parts }: PoolRow): void {
  const { traced } = assessRow({ before, subject, beside: { listed: ['mule'], ...beside } }).facts;
  const seen = traced?.parts.map((part) => [part.minor / 100, part.ageMs / MINUTE_MS]) ?? [];
  expect(seen).toEqual(parts);
  expect(traced?.minor ?? 0).toBe(Math.round(parts.reduce((sum, [yuan]) => sum + yuan * 100, 0)));
  if (traced !== undefined) expect(traced.ageMs / MINUTE_MS).toBe(parts[0]?.[1]);
}

const min = (minutes: number) => ({ time: ago(minutes * MINUTE_MS) });
const d = (minutes: number, yuan: number, given: DrawGiven = {}) =>
  drawn({ ...min(minutes), yuan, ...given });
/** Sent to somebody: nothing speaks against it but the loan. */
const sent = (minutes: number, yuan: number, given: TransferGiven = {}) =>
  transfer({ ...min(minutes), yuan, to: { accountId: 'shop', kind: 'merchant' }, ...given });
/** Held for its payee. */
const heldFor = (minutes: number, yuan: number, given: TransferGiven = {}) =>
  transfer({ ...min(minutes), yuan, to: { accountId: 'mule' }, ...given });
const zhaolian = { lender: 'zhaolian', product: 'zhaolian' };

describe('money that comes back', () => {
  const back = (end: typeof failed, minutes: number, given: TransferGiven = {}) =>
    ((t) => [t, end(t, min(minutes))])(sent(20, 400, given));
  it.each<PoolRow>([
    { when: 'failed', before: [d(30, 500), ...back(failed, 10)], parts: [[500, 30]] },
    { when: 'cancelled', before: [d(30, 500), ...back(cancelled, 10)], parts: [[500, 30]] },
    {
      when: 'to the draws that it came from',
      before: [d(40, 300, zhaolian), d(30, 200), ...back(failed, 10), d(5, 50)],
      parts: [
        [50, 5],
        [200, 30],
        [300, 40],
      ],
    },
    {
      when: 'only what it took',
      before: [d(30, 100), ...back(failed, 10)],
      parts: [[100, 30]],
    },
    {
      when: 'after another took what was left',
      before: [d(30, 500), ...back(failed, 10), sent(15, 100)],
      parts: [[400, 30]],
    },
    {
      when: 'failed within the 5 s after this request',
      before: ((t) => [d(30, 500), t, failed(t, { time: NOON + 5 * SECOND_MS })])(sent(20, 400)),
      parts: [[500, 30]],
    },
    {
      when: 'failed later than that',
      before: ((t) => [d(30, 500), t, failed(t, { time: NOON + 5 * SECOND_MS + 1 })])(
        sent(20, 400),
      ),
      parts: [[100, 30]],
    },
    {
      when: 'by credit: nothing had been taken',
      before: [d(30, 500), ...back(failed, 10, { from: 'credit' })],
      parts: [[500, 30]],
    },
    {
      when: 'failed twice, as two systems say',
      before: ((t) => [d(30, 500), t, failed(t, min(10)), cancelled(t, min(9))])(sent(20, 400)),
      parts: [[500, 30]],
    },
    {
      when: 'from a draw that has left the pool: it does not come back',
      before: ((t) => [drawn({ time: ago(72 * HOUR_MS + 1), yuan: 500 }), t, failed(t, min(10))])(
        sent(20, 400),
      ),
      parts: [],
    },
  ])('$when', check);
});

describe('held transfers', () => {
  const held = heldFor(20, 400, { transferId: 'h' });
  const holdId = specHoldId({ source: '', kind: 'transfer', id: 'h' });
  const released = () => {
    const record = onRecord(held, 'T3');
    if (record.hold === undefined) throw new Error('not held');
    return {
      ...record,
      hold: {
        ...record.hold,
        ended: { at: ago(10 * MINUTE_MS), end: 'released' as const, actor: 'payer' as const },
      },
    };
  };
  it.each<PoolRow>([
    { when: 'leave it', before: [d(30, 500), held], parts: [[500, 30]] },
    {
      when: 'settled: it went',
      before: [d(30, 500), held, settled(held, min(10))],
      parts: [[100, 30]],
    },
    {
      when: 'cancelled by the payer',
      before: [d(30, 500), held, responded(holdId, 'cancel', min(10))],
      parts: [[500, 30]],
    },
    { when: 'failed', before: [d(30, 500), held, failed(held, min(10))], parts: [[500, 30]] },
    {
      when: 'released, on record',
      before: [d(30, 500), held],
      beside: { recorded: [released()] },
      parts: [[100, 30]],
    },
    {
      when: 'released, on record, then failed',
      before: [d(30, 500), held, failed(held, min(5))],
      beside: { recorded: [released()] },
      parts: [[500, 30]],
    },
  ])('$when', check);
});

describe('repayments', () => {
  it.each<PoolRow>([
    {
      when: 'take out',
      before: [d(30, 500), repaid({ ...min(10), yuan: 200 })],
      parts: [[300, 30]],
    },
    {
      when: 'the newest first',
      before: [d(40, 500), d(30, 300), repaid({ ...min(10), yuan: 400 })],
      parts: [[400, 40]],
    },
    {
      when: 'of another product',
      before: [d(30, 500), repaid({ ...min(10), yuan: 200, product: 'huabei' })],
      parts: [[500, 30]],
    },
    {
      when: 'of another lender’s product of that name',
      before: [d(30, 500), repaid({ ...min(10), yuan: 200, lender: 'other' })],
      parts: [[500, 30]],
    },
    {
      when: 'in another currency',
      before: [d(30, 500), repaid({ ...min(10), yuan: 200, currency: 'HKD' })],
      parts: [[500, 30]],
    },
    {
      when: 'of more than was drawn',
      before: [d(30, 500), repaid({ ...min(10), yuan: 900 }), d(5, 100)],
      parts: [[100, 5]],
    },
    {
      when: 'before the draw',
      before: [repaid({ ...min(40), yuan: 500 }), d(30, 500)],
      parts: [[500, 30]],
    },
    {
      when: 'within the 5 s after',
      before: [d(30, 500), repaid({ time: NOON + 5 * SECOND_MS, yuan: 200 })],
      parts: [[300, 30]],
    },
    {
      when: 'later than that',
      before: [d(30, 500), repaid({ time: NOON + 5 * SECOND_MS + 1, yuan: 200 })],
      parts: [[500, 30]],
    },
    {
      when: 'of a product whose draw was sent, beside another product',
      before: [d(40, 300, zhaolian), d(30, 500), sent(20, 500), repaid({ ...min(10), yuan: 200 })],
      parts: [[300, 40]],
    },
  ])('$when', check);
});

describe('cancelled draws', () => {
  const x = { drawId: 'x' };
  it.each<PoolRow>([
    {
      when: 'leave',
      before: [d(40, 300), d(30, 500, x), drawCancelled({ ...min(10), yuan: 500, ...x })],
      parts: [[300, 40]],
    },
    {
      when: 'of an id that nobody drew',
      before: [d(30, 500), drawCancelled({ ...min(10), yuan: 500, ...x })],
      parts: [[500, 30]],
    },
    {
      when: 'of an id of another product',
      before: [d(30, 500, x), drawCancelled({ ...min(10), ...x, product: 'huabei' })],
      parts: [[500, 30]],
    },
    {
      when: 'after some was sent',
      before: [
        d(40, 300),
        d(30, 500, x),
        sent(20, 100),
        drawCancelled({ ...min(10), yuan: 500, ...x }),
      ],
      parts: [[300, 40]],
    },
    {
      when: 'within the 5 s after',
      before: [d(30, 500, x), drawCancelled({ time: NOON + 5 * SECOND_MS, yuan: 500, ...x })],
      parts: [],
    },
    {
      when: 'to shops likewise',
      before: [d(30, 500, x), drawCancelled({ ...min(10), yuan: 500, ...x })],
      subject: probe({ to: SHOP }),
      parts: [],
    },
  ])('$when', check);
});
