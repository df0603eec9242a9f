/** People's acts around a hold leave their entries exactly once, and none where they are refused or asked twice. */
import { expect, it } from '@jest/globals';
import {
  decideAppeal,
  decideRelease,
  openAppeal,
  recordCost,
  recordInstruction,
  requestRelease,
  resendOrders,
  type CareDeps,
} from '#application';
import { NODE_HASHING } from '#config';
import { defaultPolicy } from '#contracts';
import { makeMemoryStore, type MemoryStore } from '#testing';
import { HOUR, MINUTE, T0, hold } from './samples.ts';

const row = hold({ tier: 'T4', resendAt: T0 + MINUTE });
const at = T0 + 10 * MINUTE;

async function deskWithHold(): Promise<CareDeps & { readonly store: MemoryStore }> {
  const store = makeMemoryStore(() => at);
  const { unitOfWork, holdStore: holds, careStore: care, journalStore: journal } = store;
  await unitOfWork.run((tx) => holds.save(tx, [row]));
  const clock = { now: () => at };
  const shared = { unitOfWork, holds, care, journal, clock };
  return { ...shared, hashing: NODE_HASHING, policy: defaultPolicy, store };
}

async function typesOf({ store }: { readonly store: MemoryStore }): Promise<string[]> {
  return (await store.journalStore.readAfter(row.partition, 0, 99)).map(({ type }) => type);
}

const lin = { holdId: row.holdId, by: 'lin', key: 'key-00001' };

it('a release by two', async () => {
  const desk = await deskWithHold();
  const contact = { channel: 'phone', at: T0 + MINUTE, reference: 'call-7' } as const;
  const asked = { ...lin, reason: 'payer_reached', contact };
  const result = await requestRelease(desk, asked);
  expect(await requestRelease(desk, asked)).toEqual(result);
  const requestId = result.ok ? result.request.requestId : '';
  const agree = (by: string) => decideRelease(desk, { requestId, verdict: 'approve', by });
  expect(await agree('lin')).toEqual({ ok: false, code: 'needs_second_person' });
  expect(await agree('wang')).toMatchObject({ ok: true, request: { state: 'approved' } });
  expect(await agree('wang')).toEqual({ ok: false, code: 'request_decided' });
  expect(await typesOf(desk)).toEqual(['release.requested', 'release.decided', 'hold.released']);
});

it('an appeal and its answer', async () => {
  const desk = await deskWithHold();
  const asked = { ...lin, kind: 'appeal', origin: 'staff' } as const;
  const opened = await openAppeal(desk, asked);
  expect(await openAppeal(desk, asked)).toMatchObject({ ok: true });
  const appealId = opened.ok ? opened.appeal.appealId : '';
  const answer = { appealId, verdict: 'upheld', explanation: '已核实', by: 'wang' } as const;
  expect(await decideAppeal(desk, answer)).toMatchObject({ ok: true });
  expect(await decideAppeal(desk, answer)).toEqual({ ok: false, code: 'appeal_decided' });
  expect(await typesOf(desk)).toEqual(['appeal.opened', 'appeal.decided', 'hold.released']);
});

it('a police instruction', async () => {
  const desk = await deskWithHold();
  const stop = { authority: '公安局', reference: '1号', instruction: 'stop' } as const;
  const asked = { ...lin, ...stop, validUntil: at + 48 * HOUR };
  expect(await recordInstruction(desk, asked)).toMatchObject({ ok: true, effect: 'changed' });
  expect(await recordInstruction(desk, asked)).toMatchObject({ ok: true, effect: 'none' });
  const long = { ...asked, key: 'key-00002', validUntil: at + 49 * HOUR };
  expect(await recordInstruction(desk, long)).toEqual({ ok: false, code: 'term_too_long' });
  expect(await typesOf(desk)).toEqual(['instruction.recorded', 'hold.cancelled']);
});

it('what a delay cost', async () => {
  const desk = await deskWithHold();
  const asked = { ...lin, kind: 'interest', currency: 'CNY', minor: 15_00 } as const;
  expect(await recordCost(desk, asked)).toMatchObject({ ok: true });
  expect(await recordCost(desk, asked)).toMatchObject({ ok: true });
  expect(await recordCost(desk, { ...asked, holdId: 'other' })).toMatchObject({ ok: false });
  expect(await typesOf(desk)).toEqual(['cost.recorded']);
});

it('an order that is given again', async () => {
  const desk = await deskWithHold();
  expect(await resendOrders(desk, 9)).toMatchObject({ resent: 1 });
  expect(await resendOrders(desk, 9)).toMatchObject({ resent: 0 });
  expect(await typesOf(desk)).toEqual(['hold.placed']);
});
