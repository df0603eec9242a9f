/** From an order to its answer: acknowledged, repeated, raised, too late; and calls that keep a payment waiting. */
import { describe, expect, it } from '@jest/globals';
import type { HoldRow } from '#application';
import { ORDER_GAPS_MS, type HoldAcknowledged, type PlatformEvent } from '#domain';
import { HOUR, MINUTE, SOURCE, T0, freshId } from '../contract/samples.ts';
import { acknowledgement, openHoldDesk, type Desk } from './hold-desk.ts';

const DUE = T0 + 2 * HOUR;

async function placedDesk(given: Partial<HoldRow> = {}): Promise<[Desk, HoldRow]> {
  const desk = openHoldDesk();
  desk.clock.at = T0;
  const row = await desk.place({ dueAt: DUE, resendAt: T0 + (ORDER_GAPS_MS[0] ?? 0), ...given });
  return [desk, row];
}

function typesOf(entries: Awaited<ReturnType<Desk['journal']>>): readonly string[] {
  return entries.map(({ type }) => type).filter((type) => type !== 'batch.consumed');
}

describe('an order', () => {
  it('that nobody acknowledges is given four times under one sequence, and raised to operations', async () => {
    const [desk, row] = await placedDesk();
    for (let passed = 0; passed < 20 * MINUTE; passed += 10_000) {
      desk.clock.at = T0 + passed;
      await desk.resend();
    }
    const entries = await desk.journal();
    expect(typesOf(entries)).toEqual(['hold.placed', 'hold.placed', 'hold.placed', 'order.raised']);
    expect(entries.map(({ body }) => body)).toMatchObject([
      { orderSequence: 1, attempt: 2, order: 'hold' },
      { orderSequence: 1, attempt: 3 },
      { orderSequence: 1, attempt: 4 },
      { orderSequence: 1, because: 'unacknowledged' },
    ]);
    const counts = await desk.store.holdStore.reconciliation(T0);
    expect(counts).toEqual({ open: 1, unacknowledged: 1, raised: 1, recalled: 0, overdue: 0 });
    // An answer that comes after all puts it right.
    await desk.engine([
      acknowledgement(row, { orderSequence: 1, order: 'hold', result: 'done' }, desk.clock.at),
    ]);
    expect(await desk.store.holdStore.reconciliation(T0)).toMatchObject({
      unacknowledged: 0,
      raised: 0,
    });
  });

  it('that is acknowledged is not given again', async () => {
    const [desk, row] = await placedDesk();
    await desk.engine([
      acknowledgement(row, { orderSequence: 1, order: 'hold', result: 'done' }, T0),
    ]);
    desk.clock.at = T0 + HOUR;
    expect(await desk.resend()).toEqual({ resent: 0, raised: [] });
    expect(typesOf(await desk.journal())).toEqual(['hold.acknowledged']);
  });

  it('is repeated as the end that it is, with the actor and reason of the end', async () => {
    const [desk, row] = await placedDesk();
    await desk.staff(row.holdId, { type: 'cancel', actor: 'analyst', reason: 'scam_confirmed' });
    desk.clock.at += MINUTE;
    await desk.resend();
    const [ended, again] = await desk.journal();
    expect(again?.type).toBe('hold.cancelled');
    expect(again?.body).toEqual({ ...(ended?.body as object), attempt: 2 });
  });

  type Answer = Pick<HoldAcknowledged, 'orderSequence' | 'order' | 'result'>;
  const CANCEL = { orderSequence: 2, order: 'cancel' } as const;
  it.each<[string, Answer, readonly string[], Partial<HoldRow>]>([
    [
      'too late to cancel',
      { ...CANCEL, result: 'too_late' },
      ['hold.acknowledged', 'recall.requested'],
      { status: 'cancelled', recall: { at: T0, reason: 'too_late' } },
    ],
    [
      'a payment that is unknown',
      { ...CANCEL, result: 'unknown_subject' },
      ['hold.acknowledged', 'order.raised'],
      { status: 'cancelled', raisedAt: T0 },
    ],
    [
      'another order than was given',
      { orderSequence: 2, order: 'release', result: 'done' },
      ['hold.acknowledged', 'order.raised'],
      { raisedAt: T0 },
    ],
    [
      'too late already for the hold before',
      { orderSequence: 1, order: 'hold', result: 'too_late' },
      ['hold.acknowledged', 'recall.requested'],
      { recall: { at: T0, reason: 'too_late' } },
    ],
    ['an order that was never given', { ...CANCEL, orderSequence: 3, result: 'done' }, [], {}],
    [
      'the one before the last',
      { orderSequence: 1, order: 'hold', result: 'done' },
      ['hold.acknowledged'],
      {},
    ],
  ])('a cancel answered by %s', async (_what, told, types, after) => {
    const [desk, row] = await placedDesk();
    await desk.staff(row.holdId, { type: 'cancel', actor: 'analyst', reason: 'scam_confirmed' });
    await desk.engine([acknowledgement(row, told, T0), acknowledgement(row, told, T0 + 1)]);
    expect(typesOf(await desk.journal())).toEqual(['hold.cancelled', ...types]);
    expect(await desk.find(row.holdId)).toMatchObject(after);
  });

  it('to hold, answered too late, ends the hold and asks the money back', async () => {
    const [desk, row] = await placedDesk();
    const told = { orderSequence: 1, order: 'hold', result: 'too_late' } as const;
    await desk.engine([acknowledgement(row, told, T0)]);
    expect(typesOf(await desk.journal())).toEqual([
      'hold.acknowledged',
      'hold.released',
      'recall.requested',
    ]);
    expect((await desk.find(row.holdId)).ended).toMatchObject({ actor: 'processor' });
  });

  it('answered by somebody else’s processor changes nothing', async () => {
    const [desk, row] = await placedDesk();
    const told = { orderSequence: 1, order: 'hold', result: 'done' } as const;
    await desk.engine([acknowledgement({ ...row, payerId: 'other' }, told, T0)]);
    expect(await desk.find(row.holdId)).toEqual(row);
  });
});

describe('a call at the due time', () => {
  const call = (signal: 'call_started' | 'call_ended', time: number): PlatformEvent => ({
    kind: 'session.observed',
    signal,
    source: SOURCE,
    id: freshId('call'),
    time,
    payer: { accountId: 'payer-1' },
  });

  it('keeps the payment waiting until two hours after its end, step by step', async () => {
    const [desk, row] = await placedDesk();
    desk.clock.at = DUE;
    await desk.engine([call('call_started', T0 - MINUTE)]);
    // The worker finds the call running and looks again when the payment would be due if it ended now.
    await desk.tick();
    expect(await desk.find(row.holdId)).toMatchObject({ status: 'placed', dueAt: DUE + 2 * HOUR });
    await desk.engine([call('call_ended', DUE + 20 * MINUTE)]);
    desk.clock.at = DUE + 2 * HOUR;
    await desk.tick();
    const dueAt = DUE + 20 * MINUTE + 2 * HOUR;
    expect(await desk.find(row.holdId)).toMatchObject({ status: 'placed', dueAt });
    desk.clock.at = dueAt;
    await desk.tick();
    expect(await desk.find(row.holdId)).toMatchObject({ status: 'matured', dueAt });
    const entries = (await desk.journal()).filter(({ type }) => type.startsWith('hold.'));
    expect(entries.map(({ type, body }) => [type, (body as { reason: string }).reason])).toEqual([
      ['hold.extended', 'call_running'],
      ['hold.extended', 'call_running'],
      ['hold.matured', 'due'],
    ]);
  });

  it('never keeps it beyond the ceiling', async () => {
    const [desk, row] = await placedDesk({ ceilingAt: DUE + 10 * MINUTE });
    await desk.engine([call('call_started', T0)]);
    desk.clock.at = DUE;
    await desk.tick();
    expect(await desk.find(row.holdId)).toMatchObject({ dueAt: DUE + 10 * MINUTE });
    desk.clock.at = DUE + 10 * MINUTE;
    await desk.tick();
    expect(await desk.find(row.holdId)).toMatchObject({ status: 'expired' });
  });

  it('of another payer changes nothing', async () => {
    const [desk, row] = await placedDesk();
    await desk.engine([{ ...call('call_started', T0), payer: { accountId: 'other' } }]);
    desk.clock.at = DUE;
    await desk.tick();
    expect((await desk.find(row.holdId)).status).toBe('matured');
  });
});
