/** Contract of `HoldStore`, and of the rules of a hold's life that every store keeps. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InvariantBroken, TransientFault } from '#application';
import { DAY, HOUR, T0, hold, keep, signal } from './samples.ts';
import type { HoldRow, OpenStores, StoresUnderTest } from './stores.ts';

const END = { at: T0 + HOUR, actor: 'payer', reason: 'payer_cancelled' } as const;

export function holdStoreContract(name: string, open: OpenStores): void {
  describe(`hold store on ${name}`, () => {
    let stores: StoresUnderTest;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ stores, close } = await open());
    });
    afterEach(() => close());

    const save = (...rows: readonly HoldRow[]): Promise<void> =>
      stores.unitOfWork.run((tx) => stores.holdStore.save(tx, rows));

    it('gives back every field', async () => {
      const { payeeId: _payeeId, ...draw } = hold({ reasonCodes: [] });
      const rows: readonly HoldRow[] = [
        draw,
        hold({ status: 'matured', orderSequence: 7, amountMinor: Number.MAX_SAFE_INTEGER }),
        hold({
          status: 'released',
          ended: { at: T0 + 1, actor: 'analyst', reason: '本人确认' },
          acknowledged: { orderSequence: 2, result: 'done', at: T0 + 2 },
        }),
      ];
      await save(...rows);
      for (const row of rows) expect(await stores.holdStore.find(row.holdId)).toEqual(row);
      expect(await stores.holdStore.find('unknown')).toBeUndefined();
    });

    it('ends exactly once', async () => {
      const row = hold();
      await save(row);
      const ended: HoldRow = { ...row, status: 'cancelled', ended: END, orderSequence: 2 };
      await save(ended);
      const illegal: readonly HoldRow[] = [
        row,
        { ...ended, status: 'released' },
        { ...ended, ended: { ...END, actor: 'clock' } },
        { ...ended, ended: { ...END, at: END.at + 1 } },
        { ...ended, orderSequence: 3 },
        { ...ended, dueAt: ended.dueAt + 1 },
      ];
      for (const one of illegal) await expect(save(one)).rejects.toThrow(InvariantBroken);
      const acknowledged = { orderSequence: 2, result: 'done', at: T0 + 2 * HOUR };
      await save({ ...ended, acknowledged });
      expect(await stores.holdStore.find(row.holdId)).toEqual({ ...ended, acknowledged });
    });

    it('of two that race to end it, one does', async () => {
      const row = hold();
      await save(row);
      const actors = ['payer', 'clock', 'analyst', 'authority'] as const;
      const ends = actors.map((actor) =>
        stores.unitOfWork.run(async (tx) => {
          await stores.holdStore.save(tx, [
            { ...row, status: 'cancelled', ended: { ...END, actor }, orderSequence: 2 },
          ]);
          return actor;
        }),
      );
      const results = await Promise.allSettled(ends);
      const won = results.filter((result) => result.status === 'fulfilled');
      expect(won).toHaveLength(1);
      const found = await stores.holdStore.find(row.holdId);
      expect(found?.ended?.actor).toBe(won[0]?.value);
    });

    it.each<[string, Partial<HoldRow>]>([
      ['due after the ceiling', { dueAt: T0 + 4 * DAY }],
      ['due before it was placed', { dueAt: T0 - 1 }],
      ['ended without an end', { status: 'released' }],
      ['open with an end', { ended: END }],
      ['without an order', { orderSequence: 0 }],
      ['with a negative amount', { amountMinor: -1 }],
    ])('refuses a hold that is %s', async (_what, wrong) => {
      const row = hold(wrong);
      await expect(save(row)).rejects.toThrow(InvariantBroken);
      expect(await stores.holdStore.find(row.holdId)).toBeUndefined();
    });

    it('never moves a ceiling nor takes back an order', async () => {
      const row = hold({ orderSequence: 3 });
      await save(row);
      const later = { ...row, ceilingAt: row.ceilingAt + 1 };
      await expect(save(later)).rejects.toThrow(InvariantBroken);
      await expect(save({ ...row, orderSequence: 2 })).rejects.toThrow(InvariantBroken);
    });

    it('placed again by who did not know of it is a fault that may pass, and changes nothing', async () => {
      const row = hold();
      await save(row);
      const again = { ...row, placedAt: T0 + 1, ceilingAt: row.ceilingAt + 1 };
      await expect(save(again)).rejects.toThrow(TransientFault);
      await expect(save(hold(), again)).rejects.toThrow(TransientFault);
      expect(await stores.holdStore.find(row.holdId)).toEqual(row);
    });

    it('gives out what is due, ceilings first', async () => {
      const due = hold({ dueAt: T0 + HOUR });
      const dueSooner = hold({ dueAt: T0 + 1 });
      const notDue = hold({ dueAt: T0 + 5 * HOUR });
      const matured = hold({ status: 'matured', dueAt: T0 + 1 });
      const atCeiling = hold({ status: 'matured', ceilingAt: T0 + 2 * HOUR });
      const forgotten = hold({ dueAt: T0, ceilingAt: T0 + HOUR });
      const over = hold({ status: 'expired', dueAt: T0 + 1, ended: END });
      await save(due, dueSooner, notDue, matured, atCeiling, forgotten, over);
      const lockDue = (now: number, limit: number) =>
        stores.unitOfWork.run(async (tx) => {
          const rows = await stores.holdStore.lockDue(tx, now, limit);
          return rows.map((row) => row.holdId);
        });
      const all = [forgotten, atCeiling, dueSooner, due].map((row) => row.holdId);
      expect(await lockDue(T0 + 2 * HOUR, 100)).toEqual(all);
      expect(await lockDue(T0 + 2 * HOUR, 3)).toEqual(all.slice(0, 3));
      expect(await lockDue(T0 + 2 * HOUR, 1)).toEqual(all.slice(0, 1));
      expect(await lockDue(T0 + HOUR - 1, 100)).toEqual(
        [forgotten, dueSooner].map((r) => r.holdId),
      );
      expect(await lockDue(T0 - 1, 100)).toEqual([]);
    });

    it('gives two workers different holds, and none of them waits', async () => {
      const rows = Array.from({ length: 6 }, (_, index) => hold({ dueAt: T0 + index }));
      await save(...rows);
      const now = T0 + HOUR;
      await stores.unitOfWork.run(async (first) => {
        const mine = await stores.holdStore.lockDue(first, now, 4);
        const others = await stores.unitOfWork.run((second) =>
          stores.holdStore.lockDue(second, now, 4),
        );
        expect(mine.map((row) => row.holdId)).toEqual(rows.slice(0, 4).map((row) => row.holdId));
        expect(others.map((row) => row.holdId)).toEqual(rows.slice(4).map((row) => row.holdId));
      });
    });

    it('gives out what the profile releases only once the answers are read past its due time', async () => {
      const [lease] = await stores.engineStore.claim('engine', [0]);
      const epoch = lease?.epoch ?? 0;
      const due = hold({ expiryAction: 'release', dueAt: T0 + HOUR });
      const atCeiling = hold({ expiryAction: 'release', dueAt: T0 + 1, ceilingAt: T0 + 1 });
      await save(due, atCeiling);
      const given = (): Promise<string[]> =>
        stores.unitOfWork.run(async (tx) => {
          const rows = await stores.holdStore.lockDue(tx, T0 + 2 * HOUR, 100);
          return rows.map((row) => row.holdId);
        });
      const read = (readUntil: number, of = epoch): Promise<void> =>
        stores.engineStore.markResponsesRead([{ partition: 0, epoch: of, readUntil }]);
      expect(await given()).toEqual([]);
      await read(T0 + 1);
      expect(await given()).toEqual([]);
      await read(T0 + HOUR);
      expect(await given()).toEqual([atCeiling.holdId]);
      // Neither a partition that is not ours any more nor an older word opens it.
      await read(T0 + 9 * HOUR, epoch - 1);
      expect(await given()).toEqual([atCeiling.holdId]);
      await read(T0 + HOUR + 1);
      await read(T0);
      expect(await given()).toEqual([atCeiling.holdId, due.holdId]);
      const until = await stores.unitOfWork.run((tx) => stores.holdStore.responsesRead(tx));
      expect(until.get(0)).toBe(T0 + HOUR + 1);
    });

    it('changes what the clock changes, and nothing else', async () => {
      const row = hold({
        resendAt: T0 + 5,
        acknowledged: { orderSequence: 1, result: 'done', at: T0 },
      });
      await save(row);
      const { resendAt: _resendAt, ...rest } = row;
      const ended: HoldRow = {
        ...rest,
        status: 'expired',
        orderSequence: 2,
        attempt: 3,
        raisedAt: T0,
        ended: END,
      };
      const update = (one: HoldRow): Promise<void> =>
        stores.unitOfWork.run((tx) => stores.holdStore.update(tx, [one]));
      await update({ ...ended, amountMinor: 1, payerId: 'other', decisionId: 'other' });
      expect(await stores.holdStore.find(row.holdId)).toEqual(ended);
      await expect(update({ ...ended, status: 'released' })).rejects.toThrow(InvariantBroken);
      await expect(update({ ...ended, holdId: 'unknown' })).rejects.toThrow(InvariantBroken);
    });

    it('keeps no hold whose ceiling is beyond its profile', async () => {
      const beyond = [
        hold({ profile: 'SG', ceilingAt: T0 + DAY + 1 }),
        hold({ profile: 'CN', ceilingAt: T0 + 3 * DAY + 1 }),
        hold({ profile: 'neutral', ceilingAt: T0 + 3 * DAY + 1 }),
        hold({ profile: 'UK', ceilingAt: T0 + 10 * DAY + 1 }),
      ];
      for (const row of beyond) await expect(save(row)).rejects.toThrow(InvariantBroken);
      await save(
        hold({ profile: 'SG', ceilingAt: T0 + DAY }),
        hold({ profile: 'UK', ceilingAt: T0 + 10 * DAY }),
      );
    });

    it('gives out orders to be given again, the longest waiting first, to one worker each', async () => {
      const waiting = [hold({ resendAt: T0 + 2 }), hold({ resendAt: T0 + 1 })];
      await save(...waiting, hold({ resendAt: T0 + 9 }), hold());
      await stores.unitOfWork.run(async (first) => {
        const mine = await stores.holdStore.lockResends(first, T0 + 2, 1);
        const others = await stores.unitOfWork.run((second) =>
          stores.holdStore.lockResends(second, T0 + 2, 9),
        );
        expect(mine.map((row) => row.holdId)).toEqual([waiting[1]?.holdId]);
        expect(others.map((row) => row.holdId)).toEqual([waiting[0]?.holdId]);
      });
    });

    it('counts and lists what people have to look at', async () => {
      const lost = hold({ resendAt: T0 + 1 });
      const raised = hold({ raisedAt: T0 + 2 });
      const recalled = hold({
        status: 'released',
        ended: END,
        recall: { at: T0 + 3, reason: 'too_late' },
      });
      const overdue = hold({ dueAt: T0 + 1 });
      const stuck = hold({ status: 'matured', dueAt: T0 + 2, ceilingAt: T0 + 2 });
      await save(lost, raised, recalled, overdue, stuck, hold());
      expect(await stores.holdStore.reconciliation(T0 + HOUR)).toEqual({
        open: 5,
        unacknowledged: 2,
        raised: 1,
        recalled: 1,
        overdue: 2,
      });
      const listed = async (what: 'unacknowledged' | 'raised' | 'recalled' | 'overdue') => {
        const query = { overdueAt: T0 + HOUR, limit: 9 };
        return (await stores.holdStore.toReconcile(what, query)).map((row) => row.holdId);
      };
      expect(await listed('unacknowledged')).toEqual([lost.holdId]);
      expect(await listed('raised')).toEqual([raised.holdId]);
      expect(await listed('recalled')).toEqual([recalled.holdId]);
      expect(await listed('overdue')).toEqual([overdue.holdId, stuck.holdId]);
    });

    it('finds the calls of a payer, and nobody else’s', async () => {
      const calls = [signal('call_started', T0), signal('call_ended', T0 + 5)];
      await keep(stores, [...calls, signal('call_started', T0 - 1), signal('login', T0 + 1)]);
      const found = await stores.unitOfWork.run((tx) =>
        stores.holdStore.calls(tx, [
          { partition: 0, payerId: 'payer-1', from: T0 },
          { partition: 0, payerId: 'payer-2', from: T0 },
        ]),
      );
      const events = (found.get('payer-1') ?? []).toSorted((a, b) => a.time - b.time);
      expect(events).toEqual(calls);
      expect(found.get('payer-2') ?? []).toEqual([]);
    });

    it('lists in pages, oldest due first, by state and payer', async () => {
      const rows = Array.from({ length: 7 }, (_, index) =>
        hold({ dueAt: T0 + Math.floor(index / 2), payerId: index === 3 ? 'other' : 'payer-1' }),
      );
      const ended = hold({ status: 'cancelled', ended: END, dueAt: T0 + 100 });
      await save(...rows, ended);
      const listed = async (
        state: 'open' | 'ended' | 'all',
        limit: number,
        payerId?: string,
      ): Promise<string[]> => {
        const found: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await stores.holdStore.list({
            state,
            limit,
            ...(payerId === undefined ? {} : { payerId }),
            ...(cursor === undefined ? {} : { cursor }),
          });
          expect(page.holds.length).toBeLessThanOrEqual(limit);
          found.push(...page.holds.map((row) => row.holdId));
          cursor = page.nextCursor;
        } while (cursor !== undefined);
        return found;
      };
      const open = rows
        .toSorted((a, b) => a.dueAt - b.dueAt || (a.holdId < b.holdId ? -1 : 1))
        .map((row) => row.holdId);
      expect(await listed('open', 2)).toEqual(open);
      expect(await listed('open', 7)).toEqual(open);
      expect(await listed('ended', 2)).toEqual([ended.holdId]);
      expect(await listed('all', 3)).toEqual([...open, ended.holdId]);
      expect(await listed('open', 3, 'other')).toEqual([rows[3]?.holdId]);
      expect(await listed('open', 3, 'nobody')).toEqual([]);
    });
  });
}
