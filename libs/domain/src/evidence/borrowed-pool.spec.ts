/** The borrowed pool by SCORING §2: what of a transfer is borrowed money, whose, and how old. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { PlatformEvent, TransferRequested } from '../event/event.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../kernel/instant.ts';
import {
  LENDER,
  NOON,
  OWN,
  ago,
  drawRequested,
  drawn,
  failed,
  settled,
  transfer,
  type DrawGiven,
  type TransferGiven,
} from '../testing/events.ts';
import { makeScorer, type Beside } from '../testing/scorer.ts';

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
const zhaolian = { lender: 'zhaolian', product: 'zhaolian' };

describe('draws', () => {
  it.each<PoolRow>([
    { when: 'none', before: [], parts: [] },
    { when: 'one', before: [d(10, 500)], parts: [[500, 10]] },
    {
      when: 'two of a product, the newest first',
      before: [d(20, 500), d(10, 300)],
      parts: [
        [300, 10],
        [500, 20],
      ],
    },
    {
      when: 'of two lenders',
      before: [d(20, 500, zhaolian), d(10, 300)],
      parts: [
        [300, 10],
        [500, 20],
      ],
    },
    { when: 'requested only', before: [drawRequested({ ...min(10), yuan: 500 })], parts: [] },
    {
      when: 'requested, then paid out: from payout',
      before: [drawRequested({ ...min(90), drawId: 'x' }), d(10, 500, { drawId: 'x' })],
      parts: [[500, 10]],
    },
    { when: '72 h before', before: [d(72 * 60, 500)], parts: [[500, 72 * 60]] },
    { when: '72 h and 1 ms before', before: [drawn({ time: ago(3 * DAY_MS + 1) })], parts: [] },
    { when: 'in the same instant', before: [d(0, 500)], parts: [[500, 0]] },
    { when: '5.001 s later', before: [drawn({ time: NOON + 5 * SECOND_MS + 1 })], parts: [] },
    { when: 'in another currency', before: [d(10, 500, { currency: 'HKD' })], parts: [] },
    {
      when: 'in two currencies',
      before: [d(10, 500, { currency: 'HKD' }), d(20, 300)],
      subject: probe({ currency: 'HKD' }),
      parts: [[500, 10]],
    },
  ])('$when', check);

  it('a draw within the 5 s after is of age 0', () => {
    const { traced } = assessRow({
      before: [drawn({ time: NOON + 5 * SECOND_MS, yuan: 500 })],
      subject: probe(),
    }).facts;
    expect(traced).toMatchObject({ minor: 500_00, ageMs: 0 });
  });
});

describe('the amount', () => {
  it.each<PoolRow>([
    {
      when: 'takes from the newest draw',
      before: [d(20, 500), d(10, 300)],
      subject: probe({ yuan: 200 }),
      parts: [[200, 10]],
    },
    {
      when: 'goes on with the next',
      before: [d(20, 500), d(10, 300)],
      subject: probe({ yuan: 301 }),
      parts: [
        [300, 10],
        [1, 20],
      ],
    },
    {
      when: 'is never exceeded',
      before: [d(10, 500)],
      subject: probe({ yuan: 0.01 }),
      parts: [[0.01, 10]],
    },
    {
      when: 'whatever the source says',
      before: [d(10, 500)],
      subject: probe({ from: 'yuebao' }),
      parts: [[500, 10]],
    },
    {
      when: 'from an own card',
      before: [d(10, 500)],
      subject: probe({ from: 'bank_card' }),
      parts: [[500, 10]],
    },
    {
      when: 'to a lender',
      before: [d(10, 500)],
      subject: probe({ to: LENDER }),
      parts: [[500, 10]],
    },
  ])('$when', check);
});

describe('what was sent before', () => {
  it.each<PoolRow>([
    { when: 'borrowed money first', before: [d(20, 500), sent(10, 200)], parts: [[300, 20]] },
    { when: 'all of it', before: [d(20, 500), sent(10, 500)], parts: [] },
    { when: 'more than it', before: [d(20, 500), sent(10, 900), d(5, 100)], parts: [[100, 5]] },
    {
      when: 'from the newest draw first',
      before: [d(30, 500), d(20, 300), sent(10, 400)],
      parts: [[400, 30]],
    },
    { when: 'before the draw', before: [sent(30, 400), d(20, 500)], parts: [[500, 20]] },
    {
      when: 'to an own account',
      before: [d(20, 500), sent(10, 500, { to: OWN })],
      parts: [[500, 20]],
    },
    {
      when: 'to an own account of another name',
      before: [d(20, 500), sent(10, 200, { to: { ...OWN, nameMatch: 'mismatch' } })],
      parts: [[300, 20]],
    },
    {
      when: 'in another currency',
      before: [d(20, 500), sent(10, 500, { currency: 'HKD' })],
      parts: [[500, 20]],
    },
    {
      when: 'by credit at once',
      before: [d(20, 500), sent(10, 500, { from: 'credit' })],
      parts: [[500, 20]],
    },
    {
      when: 'in two steps',
      before: [d(30, 500), sent(20, 200), d(15, 100), sent(10, 200)],
      parts: [[200, 30]],
    },
    {
      when: 'over two lenders',
      before: [d(30, 500, zhaolian), d(20, 300), sent(10, 400)],
      parts: [[400, 30]],
    },
    {
      when: 'and settled',
      before: ((t) => [d(20, 500), t, settled(t, min(5))])(sent(10, 200)),
      parts: [[300, 20]],
    },
  ])('$when', check);
});

describe('hops between own accounts', () => {
  it.each<PoolRow>([
    {
      when: 'out to an own card and on from there',
      before: [
        d(40, 500),
        transfer({ ...min(30), yuan: 500, to: OWN }),
        transfer({ ...min(20), yuan: 500, to: { ...OWN, accountId: 'own-2' } }),
      ],
      subject: probe({ from: 'bank_card' }),
      parts: [[500, 40]],
    },
    {
      when: 'an own-account transfer that fails changes nothing',
      before: ((t) => [d(40, 500), t, failed(t, min(10))])(
        transfer({ ...min(30), yuan: 500, to: OWN }),
      ),
      parts: [[500, 40]],
    },
  ])('$when', check);
});

describe('paid with credit at once', () => {
  it('is traced in full with age 0', () => {
    const { traced } = assessRow({
      before: [],
      subject: probe({ from: 'credit', yuan: 700 }),
    }).facts;
    expect(traced).toMatchObject({ minor: 700_00, ageMs: 0 });
  });
});
