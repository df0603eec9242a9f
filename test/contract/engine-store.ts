/** Contract of `EngineStore`: fences, subjects, profiles and payees. Windows are in `windows.ts`. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  recordedHold,
  InvariantBroken,
  PartitionsFenced,
  TransientFault,
  type PositionAdvance,
} from '#application';
import { INPUT_TOPICS, subjectKey, type SubjectRef } from '#domain';
import { DAY, MINUTE, T0, freshId, hold, subjectWrite, transfer, transferRef } from './samples.ts';
import type { OpenStores, StoresUnderTest, SubjectWrite } from './stores.ts';

export function engineStoreContract(name: string, open: OpenStores): void {
  describe(`engine store on ${name}`, () => {
    let stores: StoresUnderTest;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ stores, close } = await open());
    });
    afterEach(() => close());

    const advance = (...advances: readonly PositionAdvance[]): Promise<void> =>
      stores.unitOfWork.run((tx) => stores.engineStore.advance(tx, advances));
    const save = (...writes: readonly SubjectWrite[]): Promise<void> =>
      stores.unitOfWork.run((tx) => stores.engineStore.saveSubjects(tx, writes));

    describe('positions', () => {
      const step = { topic: 'payments.transfers', partition: 3, epoch: 1 } as const;

      it('start at 0 for every topic and move by compare-and-set', async () => {
        const [lease] = await stores.engineStore.claim('a', [3]);
        expect(lease?.epoch).toBe(1);
        expect(lease?.positions).toEqual(
          INPUT_TOPICS.map((topic) => ({ topic, partition: 3, nextOffset: 0 })),
        );
        await advance({ ...step, expectedOffset: 0, nextOffset: 17 });
        await advance({ ...step, expectedOffset: 17, nextOffset: 17 });
        const [again] = await stores.engineStore.claim('b', [3]);
        expect(again?.epoch).toBe(2);
        expect(again?.positions.at(-1)?.nextOffset).toBe(17);
      });

      it('of another epoch, offset or partition are fenced, and the transaction leaves nothing', async () => {
        await stores.engineStore.claim('a', [3, 4]);
        const row = hold();
        const illegal: readonly PositionAdvance[] = [
          { ...step, epoch: 2, expectedOffset: 0, nextOffset: 5 },
          { ...step, epoch: 0, expectedOffset: 0, nextOffset: 5 },
          { ...step, expectedOffset: 1, nextOffset: 5 },
          { ...step, partition: 9, expectedOffset: 0, nextOffset: 5 },
        ];
        for (const one of illegal) {
          const mine = { ...step, partition: 4, expectedOffset: 0, nextOffset: 8 };
          const run = stores.unitOfWork.run(async (tx) => {
            await stores.engineStore.saveHolds(tx, [row]);
            await stores.engineStore.advance(tx, [mine, one]);
          });
          const fenced = await run.catch((error: unknown) => error);
          expect(fenced).toBeInstanceOf(PartitionsFenced);
          expect(fenced).toMatchObject({ partitions: [one.partition] });
        }
        expect(await stores.holdStore.find(row.holdId)).toBeUndefined();
        await advance({ ...step, partition: 4, expectedOffset: 0, nextOffset: 8 });
      });

      it('never move backwards', async () => {
        await stores.engineStore.claim('a', [3]);
        await advance({ ...step, expectedOffset: 0, nextOffset: 9 });
        await expect(advance({ ...step, expectedOffset: 9, nextOffset: 8 })).rejects.toThrow(
          InvariantBroken,
        );
      });

      it('a zombie that was slow to commit loses everything it did', async () => {
        await stores.engineStore.claim('zombie', [3]);
        const row = hold();
        const zombie = stores.unitOfWork.run(async (tx) => {
          await stores.engineStore.saveHolds(tx, [row]);
          await stores.engineStore.claim('successor', [3]);
          await stores.engineStore.advance(tx, [{ ...step, expectedOffset: 0, nextOffset: 5 }]);
        });
        await expect(zombie).rejects.toThrow(PartitionsFenced);
        expect(await stores.holdStore.find(row.holdId)).toBeUndefined();
      });

      it('a claim waits for a running advance and starts behind it', async () => {
        await stores.engineStore.claim('a', [3]);
        const advanced = Promise.withResolvers<void>();
        const goOn = Promise.withResolvers<void>();
        const first = stores.unitOfWork.run(async (tx) => {
          await stores.engineStore.advance(tx, [{ ...step, expectedOffset: 0, nextOffset: 5 }]);
          advanced.resolve();
          await goOn.promise;
        });
        await advanced.promise;
        const claim = stores.engineStore.claim('b', [3]);
        setTimeout(() => goOn.resolve(), 50);
        const [[lease]] = await Promise.all([claim, first]);
        expect(lease).toMatchObject({ epoch: 2 });
        expect(lease?.positions.at(-1)?.nextOffset).toBe(5);
      });

      it('keep how a feed speaks, exactly, and leave it where nothing was heard', async () => {
        const [first] = await stores.engineStore.claim('a', [3, 4]);
        expect(first?.feeds).toEqual({});
        const pulse = {
          lastAt: 1_790_000_000_123,
          silenceMs: 600_001,
          silenceAt: 1_789_999_999_999,
        };
        await advance({ ...step, expectedOffset: 0, nextOffset: 5, pulse });
        await advance({ ...step, expectedOffset: 5, nextOffset: 6 });
        const [again, other] = await stores.engineStore.claim('b', [3, 4]);
        expect(again?.feeds).toEqual({ 'payments.transfers': pulse });
        expect(other?.feeds).toEqual({});
        const later = { ...pulse, lastAt: pulse.lastAt + 1 };
        await advance({ ...step, epoch: 2, expectedOffset: 6, nextOffset: 7, pulse: later });
        const [last] = await stores.engineStore.claim('c', [3]);
        expect(last?.feeds).toEqual({ 'payments.transfers': later });
      });

      it('tell which topics were never read', async () => {
        expect(await stores.engineStore.unseenTopics()).toEqual(INPUT_TOPICS);
        await stores.engineStore.claim('a', [3]);
        expect(await stores.engineStore.unseenTopics()).toEqual(INPUT_TOPICS);
        await advance({ ...step, expectedOffset: 0, nextOffset: 1 });
        const unseen = await stores.engineStore.unseenTopics();
        expect(unseen).toEqual(INPUT_TOPICS.slice(0, -1));
      });
    });

    describe('subjects', () => {
      it('are known by identity in any partition', async () => {
        const [a, b] = [transferRef(), transferRef()];
        await save(
          subjectWrite(a, { partition: 2, payerId: 'payer-2', recorded: { contentHash: 'h' } }),
        );
        const known = await stores.unitOfWork.run((tx) =>
          stores.engineStore.knownSubjects(tx, [a, b, { ...a, kind: 'draw' }]),
        );
        expect(known).toEqual([{ subject: a, partition: 2, payerId: 'payer-2', contentHash: 'h' }]);
      });

      it('are recorded per payer from a time on, with the state of their holds', async () => {
        const [early, held, ended] = [transferRef(), transferRef(), transferRef()];
        const open = hold({ subject: held });
        const over = hold({
          subject: ended,
          status: 'cancelled',
          ended: { at: T0 + 1, actor: 'payer', reason: 'payer_cancelled' },
        });
        await stores.unitOfWork.run((tx) => stores.engineStore.saveHolds(tx, [open, over]));
        await save(
          subjectWrite(early, { recorded: { requestedAt: T0 - 1 } }),
          subjectWrite(held, { recorded: { hold: recordedHold(open), caseId: 'case-1' } }),
          subjectWrite(ended, { recorded: { requestedAt: T0 + 1, hold: recordedHold(over) } }),
          subjectWrite(transferRef(), { payerId: 'somebody else' }),
          subjectWrite(transferRef(), { partition: 1 }),
        );
        const recorded = await stores.unitOfWork.run((tx) =>
          stores.engineStore.recordedSubjects(tx, [
            { partition: 0, payerId: 'payer-1', from: T0 },
            { partition: 0, payerId: 'nobody', from: T0 },
          ]),
        );
        expect(recorded.get('nobody')).toEqual([]);
        const [first, second, ...more] = recorded.get('payer-1') ?? [];
        expect(more).toEqual([]);
        expect(first).toEqual({
          ...subjectWrite(held).recorded,
          hold: recordedHold(open),
          caseId: 'case-1',
        });
        expect(second?.subject).toEqual(ended);
        expect(second?.hold?.ended).toEqual({ at: T0 + 1, end: 'cancelled', actor: 'payer' });
      });

      it('whose hold is open are recorded however old they are, with their request', async () => {
        const [old, over, event] = [transferRef(), transferRef(), transfer({ time: T0 - 5 * DAY })];
        const open = hold({ subject: old });
        const ended = hold({
          subject: over,
          status: 'expired',
          ended: { at: T0, actor: 'clock', reason: 'ceiling' },
        });
        await stores.unitOfWork.run((tx) => stores.engineStore.saveHolds(tx, [open, ended]));
        const requestedAt = T0 - 5 * DAY;
        const effect = { outcome: 'hold', tier: 'T3', ownTier: 'T3' } as const;
        await save(
          subjectWrite(old, {
            recorded: { requestedAt, effect, hold: recordedHold(open), request: event },
          }),
          subjectWrite(over, { recorded: { requestedAt, effect, hold: recordedHold(ended) } }),
        );
        const recorded = await stores.unitOfWork.run((tx) =>
          stores.engineStore.recordedSubjects(tx, [{ partition: 0, payerId: 'payer-1', from: T0 }]),
        );
        expect(recorded.get('payer-1')).toEqual([
          expect.objectContaining({ subject: old, request: event, hold: recordedHold(open) }),
        ]);
      });

      it('keep the tier behind the effect where it is on record, and its absence', async () => {
        const [known, unknown] = [transferRef(), transferRef()];
        const effect = { outcome: 'hold', tier: 'T3', ownTier: 'T1' } as const;
        await save(
          subjectWrite(known, { recorded: { effect } }),
          subjectWrite(unknown, { recorded: { effect: { outcome: 'hold', tier: 'T3' } } }),
        );
        const effectsOf = async () => {
          const recorded = await stores.unitOfWork.run((tx) =>
            stores.engineStore.recordedSubjects(tx, [
              { partition: 0, payerId: 'payer-1', from: 0 },
            ]),
          );
          const effectOf = (ref: SubjectRef) =>
            recorded.get('payer-1')?.find((one) => subjectKey(one.subject) === subjectKey(ref))
              ?.effect;
          return [effectOf(known), effectOf(unknown)];
        };
        expect(await effectsOf()).toEqual([effect, { outcome: 'hold', tier: 'T3' }]);
        const stricter = { outcome: 'hold', tier: 'T4', ownTier: 'T4' } as const;
        await save(subjectWrite(unknown, { recorded: { sequence: 2, effect: stricter } }));
        expect(await effectsOf()).toEqual([effect, stricter]);
      });

      it('are superseded in place, and only by the same partition, payer and content', async () => {
        const subject = transferRef();
        const first = subjectWrite(subject);
        await save(first);
        const milder = subjectWrite(subject, {
          recorded: { assessed: { outcome: 'allow', tier: 'T0', ownTier: 'T0', lowered: true } },
        });
        await save(milder);
        const stricter = subjectWrite(subject, {
          recorded: { sequence: 2, effect: { outcome: 'hold', tier: 'T2' } },
        });
        await save(stricter);
        const illegal: readonly SubjectWrite[] = [
          first,
          { ...stricter, partition: 1 },
          { ...stricter, payerId: 'somebody else' },
          { ...stricter, recorded: { ...stricter.recorded, contentHash: 'another' } },
        ];
        for (const write of illegal) {
          await expect(save(subjectWrite(transferRef()), write)).rejects.toThrow(TransientFault);
        }
        const recorded = await stores.unitOfWork.run((tx) =>
          stores.engineStore.recordedSubjects(tx, [{ partition: 0, payerId: 'payer-1', from: 0 }]),
        );
        expect(recorded.get('payer-1')).toEqual([stricter.recorded]);
      });

      it('taken by two partitions at once belong to one of them', async () => {
        const subject = transferRef();
        const runs = [0, 1, 2, 3].map((partition) => save(subjectWrite(subject, { partition })));
        const results = await Promise.allSettled(runs);
        const failed = results.filter((result) => result.status === 'rejected');
        expect(failed).toHaveLength(3);
        for (const { reason } of failed) expect(reason).toBeInstanceOf(TransientFault);
        const known = await stores.unitOfWork.run((tx) =>
          stores.engineStore.knownSubjects(tx, [subject]),
        );
        expect(known.map((one) => subjectKey(one.subject))).toEqual([subjectKey(subject)]);
      });
    });

    describe('profiles', () => {
      it('keep the latest by event time', async () => {
        const at = (updatedAt: number, locale: string) => ({ payerId: 'p', updatedAt, locale });
        await stores.unitOfWork.run((tx) =>
          stores.engineStore.saveProfiles(tx, [at(5, 'new'), at(3, 'old')]),
        );
        await stores.unitOfWork.run((tx) => stores.engineStore.saveProfiles(tx, [at(4, 'older')]));
        const profiles = await stores.unitOfWork.run((tx) =>
          stores.engineStore.profiles(tx, ['p', 'unknown']),
        );
        expect([...profiles]).toEqual([['p', at(5, 'new')]]);
      });
    });

    describe('holds', () => {
      it('are locked and returned by id; what is not there is left out', async () => {
        const rows = [hold(), hold()];
        await stores.unitOfWork.run((tx) => stores.engineStore.saveHolds(tx, rows));
        const ids = rows.map((row) => row.holdId);
        const locked = await stores.unitOfWork.run((tx) =>
          stores.engineStore.lockHolds(tx, [...ids.toReversed(), freshId('hold')]),
        );
        expect([...locked.keys()]).toEqual(ids.toSorted());
        expect(locked.get(ids[0] ?? '')).toEqual(rows[0]);
      });

      it('a lock waits until the other transaction is over, and sees what it did', async () => {
        const row = hold();
        await stores.unitOfWork.run((tx) => stores.engineStore.saveHolds(tx, [row]));
        const locked = Promise.withResolvers<void>();
        const first = stores.unitOfWork.run(async (tx) => {
          await stores.engineStore.lockHolds(tx, [row.holdId]);
          locked.resolve();
          await new Promise((next) => setTimeout(next, 50));
          await stores.engineStore.saveHolds(tx, [
            { ...row, dueAt: row.dueAt + MINUTE, orderSequence: 2 },
          ]);
        });
        await locked.promise;
        const seen = await stores.unitOfWork.run((tx) =>
          stores.engineStore.lockHolds(tx, [row.holdId]),
        );
        await first;
        expect(seen.get(row.holdId)?.orderSequence).toBe(2);
      });
    });
  });
}
