/** Contract of `CareStore`: what people ask and agree about holds. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InvariantBroken, type Appeal, type Instruction, type ReleaseRequest } from '#application';
import { HOUR, T0, freshId } from './samples.ts';
import type { OpenStores, StoresUnderTest } from './stores.ts';

function requestFor(holdId: string): ReleaseRequest {
  return {
    requestId: freshId('request'),
    holdId,
    orderSequence: 1,
    by: 'analyst-1',
    at: T0,
    reason: 'payer_reached',
    contact: { channel: 'phone', at: T0 - 1, reference: 'call-7' },
    state: 'open',
  };
}

function appealOn(given: Partial<Appeal> = {}): Appeal {
  return {
    appealId: freshId('appeal'),
    kind: 'appeal',
    holdId: 'hold-1',
    payerId: 'payer-1',
    partition: 3,
    origin: 'payer',
    receivedAt: T0,
    dueAt: T0 + HOUR,
    typed: '这是给孩子交的学费',
    state: 'open',
    ...given,
  };
}

function stopOf(holdId: string, count: number, receivedAt = T0): Instruction {
  return {
    instructionId: freshId('instruction'),
    holdId,
    payerId: 'payer-1',
    authority: '上海市公安局',
    reference: '沪公(经)字〔2026〕1号',
    instruction: 'stop',
    receivedAt,
    validUntil: receivedAt + 48 * HOUR,
    count,
    by: 'analyst-1',
  };
}

export function careStoreContract(name: string, open: OpenStores): void {
  describe(`care store on ${name}`, () => {
    let stores: StoresUnderTest;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ stores, close } = await open());
    });
    afterEach(() => close());
    const run: StoresUnderTest['unitOfWork']['run'] = (work) => stores.unitOfWork.run(work);

    it('keeps one open release request per hold, and gives back every field', async () => {
      const { careStore } = stores;
      const first = requestFor('hold-1');
      const add = (one: ReleaseRequest) => run((tx) => careStore.addReleaseRequest(tx, one));
      expect(await add(first)).toBe(true);
      expect(await add(first)).toBe(false);
      expect(await add(requestFor('hold-1'))).toBe(false);
      expect(await careStore.releaseRequest(first.requestId)).toEqual(first);
      const decided = { ...first, state: 'declined', decided: { by: 'x', at: T0 + 1 } } as const;
      await run((tx) => careStore.decideReleaseRequest(tx, decided));
      const next = { ...requestFor('hold-1'), at: T0 + 2 };
      expect(await add(next)).toBe(true);
      expect(await careStore.releaseRequestsOf(['hold-1', 'other'])).toEqual([decided, next]);
    });

    it('keeps no release that the one who asked agreed to', async () => {
      const request = requestFor('hold-1');
      await run((tx) => stores.careStore.addReleaseRequest(tx, request));
      const alone = { ...request, state: 'approved', decided: { by: request.by, at: T0 } } as const;
      const decide = run((tx) => stores.careStore.decideReleaseRequest(tx, alone));
      await expect(decide).rejects.toThrow(InvariantBroken);
      expect((await stores.careStore.releaseRequest(request.requestId))?.state).toBe('open');
    });

    it('lists open appeals, the next due first, in pages, and all of a hold', async () => {
      const { careStore } = stores;
      const { typed: _typed, ...silent } = appealOn({ dueAt: T0 + 3, kind: 'review' });
      const given = [appealOn({ dueAt: T0 + 5 }), silent, appealOn({ dueAt: T0 + 4 })];
      const other = appealOn({ holdId: 'hold-2', dueAt: T0 + 9, kind: 'emergency' });
      const added = await run((tx) => careStore.addAppeals(tx, [...given, other]));
      expect(added.size).toBe(4);
      expect((await run((tx) => careStore.addAppeals(tx, given))).size).toBe(0);
      const listed: Appeal[] = [];
      let cursor: string | undefined;
      do {
        const page = await careStore.appeals({
          limit: 3,
          ...(cursor === undefined ? {} : { cursor }),
        });
        listed.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      const inOrder = [...given, other].toSorted((a, b) => a.dueAt - b.dueAt);
      expect(listed).toEqual(inOrder);
      expect((await careStore.appeals({ limit: 9, dueBefore: T0 + 5 })).items).toHaveLength(2);
      const answered = {
        ...other,
        state: 'upheld',
        decided: { by: 'analyst-2', at: T0 + 6, explanation: '已核实' },
      } as const;
      await run((tx) => careStore.decideAppeal(tx, answered));
      expect((await careStore.appeals({ limit: 9 })).items).toEqual(inOrder.slice(0, 3));
      expect((await careStore.appeals({ limit: 9, holdId: 'hold-2' })).items).toEqual([answered]);
      expect(await careStore.appeal(other.appealId)).toEqual(answered);
    });

    it('counts stops of a hold, and keeps no third', async () => {
      const { careStore } = stores;
      const stops = [stopOf('hold-1', 1), stopOf('hold-1', 2, T0 + 1)];
      for (const stop of stops) {
        expect(await run((tx) => careStore.addInstruction(tx, stop))).toBe(true);
        expect(await run((tx) => careStore.addInstruction(tx, stop))).toBe(false);
      }
      expect(await run((tx) => careStore.countStops(tx, 'hold-1'))).toBe(2);
      expect(await run((tx) => careStore.countStops(tx, 'hold-2'))).toBe(0);
      const third = run((tx) => careStore.addInstruction(tx, stopOf('hold-1', 3)));
      await expect(third).rejects.toThrow(InvariantBroken);
      expect((await careStore.instructions({ limit: 9 })).items).toEqual(stops.toReversed());
    });

    it('adds up what a delay cost', async () => {
      const cost = {
        costId: freshId('cost'),
        holdId: 'hold-1',
        kind: 'interest',
        currency: 'CNY',
        minor: 15_00,
        at: T0,
        by: 'analyst-1',
      } as const;
      expect(await run((tx) => stores.careStore.addCost(tx, cost))).toBe(true);
      expect(await run((tx) => stores.careStore.addCost(tx, cost))).toBe(false);
      expect(await stores.careStore.costsOf('hold-1')).toEqual([cost]);
    });
  });
}
