/** The borrowed pool against a second, plain reading of SCORING §2, over random streams. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Assessment } from '../assessment/assessment.ts';
import type { CreditDraw, PlatformEvent, TransferRequested } from '../event/event.ts';
import { compareEvents } from '../event/order.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../kernel/instant.ts';
import {
  NOON,
  OWN,
  SHOP,
  cancelled,
  drawCancelled,
  drawRequested,
  drawn,
  failed,
  repaid,
  settled,
  transfer,
} from '../testing/events.ts';
import { makeScorer } from '../testing/scorer.ts';

const { assess } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);

const PRODUCTS = [
  { lender: 'ant', product: 'jiebei' },
  { lender: 'ant', product: 'huabei' },
  { lender: 'webank', product: 'weilidai' },
];
const PAYEES = [{ accountId: 'a' }, { accountId: 'b' }, SHOP, OWN, { accountId: 'mule' }];
const ENDS = { failed, cancelled, settled };

interface ModelDraw {
  readonly event: CreditDraw;
  left: number;
}

/** One draw after the other, the way the page says it. */
class ModelPool {
  readonly draws: ModelDraw[] = [];
  readonly taken = new Map<string, { draw: ModelDraw; minor: number }[]>();

  newest(at: number, matches: (draw: ModelDraw) => boolean): ModelDraw[] {
    return this.draws
      .filter((draw) => at - draw.event.time <= 3 * DAY_MS && matches(draw))
      .sort((a, b) => compareEvents(b.event, a.event));
  }

  take(from: readonly ModelDraw[], minor: number): { draw: ModelDraw; minor: number }[] {
    let open = minor;
    const parts = [];
    for (const draw of from) {
      const part = Math.min(open, draw.left);
      if (part <= 0) continue;
      draw.left -= part;
      open -= part;
      parts.push({ draw, minor: part });
    }
    return parts;
  }

  apply(event: PlatformEvent): void {
    const same = (draw: ModelDraw) =>
      'lender' in event &&
      draw.event.lender === event.lender &&
      draw.event.product === event.product;
    if (event.kind === 'credit.drawn') {
      this.draws.push({ event, left: event.amount.minor });
    } else if (event.kind === 'credit.repaid') {
      const { currency, minor } = event.amount;
      const from = this.newest(
        event.time,
        (draw) => same(draw) && draw.event.amount.currency === currency,
      );
      this.take(from, minor);
    } else if (event.kind === 'credit.draw-cancelled') {
      const gone = this.draws.findIndex((draw) => same(draw) && draw.event.drawId === event.drawId);
      if (gone >= 0) this.draws.splice(gone, 1);
    } else if (event.kind === 'transfer.failed' || event.kind === 'transfer.cancelled') {
      for (const { draw, minor } of this.taken.get(event.transferId) ?? []) draw.left += minor;
      this.taken.delete(event.transferId);
    }
  }

  parts(subject: TransferRequested): [number, number][] {
    if (subject.fundingSource === 'credit') return [[subject.amount.minor, 0]];
    let open = subject.amount.minor;
    const parts: [number, number][] = [];
    for (const draw of this.newest(subject.time, inCurrency(subject))) {
      const part = Math.min(open, draw.left);
      if (part <= 0) continue;
      parts.push([part, Math.max(0, subject.time - draw.event.time)]);
      open -= part;
    }
    return parts;
  }

  /** What a transfer that is sent takes with it. */
  send(subject: TransferRequested): void {
    if (subject.fundingSource === 'credit' || subject.payee.ownership === 'own') return;
    const from = this.newest(subject.time, inCurrency(subject));
    this.taken.set(subject.transferId, this.take(from, subject.amount.minor));
  }
}

const inCurrency = (subject: TransferRequested) => (draw: ModelDraw) =>
  draw.event.amount.currency === subject.amount.currency;

/** What each transfer traces by the model, given whether it was held. */
function modelTraces(
  events: readonly PlatformEvent[],
  held: (id: string) => boolean,
): Map<string, [number, number][]> {
  const pool = new ModelPool();
  const ended = new Set<string>();
  const traces = new Map<string, [number, number][]>();
  let next = 0;
  const sorted = [...events].sort(compareEvents);
  for (const subject of sorted) {
    if (subject.kind !== 'transfer.requested') continue;
    for (; next < sorted.length; next += 1) {
      const event = sorted[next];
      if (event === undefined || event.time > subject.time + 5 * SECOND_MS) break;
      pool.apply(event);
      if (event.kind === 'transfer.failed' || event.kind === 'transfer.cancelled')
        ended.add(event.transferId);
    }
    // Nothing leaves with a transfer to an own account.
    if (subject.payee.ownership === 'other') traces.set(subject.transferId, pool.parts(subject));
    if (!held(subject.transferId) && !ended.has(subject.transferId)) pool.send(subject);
  }
  return traces;
}

type Step =
  | {
      readonly do: 'draw' | 'repay' | 'cancel' | 'request';
      readonly product: number;
      readonly yuan: number;
    }
  | { readonly do: 'send'; readonly payee: number; readonly yuan: number; readonly credit: boolean }
  | { readonly do: 'end'; readonly which: number; readonly how: keyof typeof ENDS };

const arbitraryStep: fc.Arbitrary<Step & { readonly gap: number; readonly currency: string }> = fc
  .tuple(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          do: fc.constantFrom('draw', 'draw', 'repay', 'cancel', 'request'),
          product: fc.nat(2),
          yuan: fc.integer({ min: 1, max: 900 }),
        }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          do: fc.constant('send'),
          payee: fc.nat(4),
          yuan: fc.integer({ min: 1, max: 1500 }),
          credit: fc.boolean().map((one) => one && true),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          do: fc.constant('end'),
          which: fc.nat(9),
          how: fc.constantFrom('failed', 'cancelled', 'settled'),
        }),
      },
    ) as fc.Arbitrary<Step>,
    fc.constantFrom(0, 1, 2 * SECOND_MS, 5 * SECOND_MS, MINUTE_MS, 31 * MINUTE_MS, DAY_MS / 2),
    fc.constantFrom('CNY', 'CNY', 'CNY', 'HKD'),
  )
  .map(([step, gap, currency]) => ({ ...step, gap, currency }));

function build(steps: readonly (Step & { gap: number; currency: string })[]): PlatformEvent[] {
  const events: PlatformEvent[] = [];
  const transfers: TransferRequested[] = [];
  const draws: CreditDraw[] = [];
  const done = new Set<string>();
  let time = NOON;
  steps.forEach((step, i) => {
    time += step.gap;
    const { currency } = step;
    // Ids rise with the steps, so that a failing case shrinks to the same events.
    const id = `p${String(i).padStart(3, '0')}`;
    if (step.do === 'send') {
      const made = transfer({
        time,
        id,
        transferId: `t${i}`,
        yuan: step.yuan,
        currency,
        to: PAYEES[step.payee] ?? {},
        from: step.credit ? 'credit' : 'balance',
      });
      transfers.push(made);
      events.push(made);
    } else if (step.do === 'end') {
      const of = transfers[step.which % Math.max(1, transfers.length)];
      if (of === undefined || done.has(of.transferId)) return;
      done.add(of.transferId);
      events.push(ENDS[step.how](of, { time, id }));
    } else {
      const of = PRODUCTS[step.product];
      const given = { time, id, yuan: step.yuan, currency, drawId: `d${i}`, ...of };
      if (step.do === 'draw') draws.push(drawn(given));
      const last = draws.at(-1);
      if (step.do === 'cancel' && last !== undefined && !done.has(last.drawId)) {
        done.add(last.drawId);
        events.push(
          drawCancelled({
            ...given,
            lender: last.lender,
            product: last.product,
            drawId: last.drawId,
          }),
        );
      } else if (step.do === 'draw' && last !== undefined) events.push(last);
      else if (step.do === 'repay') events.push(repaid(given));
      else if (step.do === 'request') events.push(drawRequested(given));
    }
  });
  return events;
}

const streams = fc.array(arbitraryStep, { minLength: 2, maxLength: 24 }).map(build);

/** A held transfer that settles is sent after all; which draws it then takes from is a question of its own. */
const settledHeld = (events: readonly PlatformEvent[], of: ReadonlyMap<string, Assessment>) =>
  events.some(
    (event) => event.kind === 'transfer.settled' && of.get(event.transferId)?.outcome === 'hold',
  );

describe('the pool, for random streams', () => {
  it('is the model’s', () => {
    let compared = 0;
    fc.assert(
      fc.property(streams, (events) => {
        const assessments = assess(events, { listed: ['mule'] });
        fc.pre(!settledHeld(events, assessments));
        const model = modelTraces(events, (id) => assessments.get(id)?.outcome === 'hold');
        for (const [id, parts] of model) {
          const { traced } = assessments.get(id)?.facts ?? {};
          const seen = traced?.parts.map((part) => [part.minor, part.ageMs]) ?? [];
          const inFull =
            seen.length === 0 && traced !== undefined ? [[traced.minor, traced.ageMs]] : seen;
          expect(inFull).toEqual(parts);
          if (parts.length > 0) compared += 1;
        }
      }),
      { seed: 20_261_124, numRuns: 1500 },
    );
    expect(compared).toBeGreaterThan(1500);
  });

  it('never traces more than the amount, nor less than nothing, nor money older than 72 h', () => {
    fc.assert(
      fc.property(streams, (events) => {
        for (const { facts } of assess(events, { listed: ['mule'] }).values()) {
          const { traced } = facts;
          if (traced === undefined) continue;
          expect(traced.minor).toBeGreaterThan(0);
          expect(traced.minor).toBeLessThanOrEqual(facts.amount);
          expect(traced.ageMs).toBeGreaterThanOrEqual(0);
          for (const part of traced.parts) {
            expect(part.minor).toBeGreaterThan(0);
            expect(part.minor).toBeLessThanOrEqual(part.drawnMinor);
            expect(part.ageMs).toBeLessThanOrEqual(3 * DAY_MS);
            expect(part.ageMs).toBeGreaterThanOrEqual(traced.ageMs);
          }
          const sum = traced.parts.reduce((minor, part) => minor + part.minor, 0);
          if (facts.fundedByCredit !== true) expect(sum).toBe(traced.minor);
        }
      }),
      { seed: 20_261_124, numRuns: 600 },
    );
  });

  it('is empty again when everything drawn was sent, and whole when all of that failed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 299 }), { minLength: 1, maxLength: 8 }),
        (draws, sums) => {
          const total = draws.reduce((sum, yuan) => sum + yuan, 0);
          const made = draws.map((yuan, i) =>
            drawn({ time: NOON - DAY_MS + i, yuan, drawId: `d${i}` }),
          );
          const outs = sums.map((yuan, i) =>
            transfer({ time: NOON - 2 * MINUTE_MS + i, yuan, to: { accountId: `p${i}` } }),
          );
          const probe = transfer({ time: NOON, yuan: 1_000_000, transferId: 'probe' });
          const left = assess([...made, ...outs, probe]).get('probe')?.facts.traced?.minor ?? 0;
          const gone = sums.reduce((sum, yuan) => sum + yuan, 0);
          expect(left).toBe(Math.max(0, total - gone) * 100);
          const back = outs.map((out) => failed(out, { time: NOON - MINUTE_MS }));
          const whole = assess([...made, ...outs, ...back, probe]).get('probe')?.facts.traced
            ?.minor;
          expect(whole).toBe(total * 100);
        },
      ),
      { seed: 20_261_124, numRuns: 300 },
    );
  });
});
