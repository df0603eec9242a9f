/** One hold and everybody who can act on it, on the in-memory store: the engine's batches, staff, the worker's clock. */
import {
  changeHold,
  endDueHolds,
  processBatch,
  resendOrders,
  type HoldChangeResult,
  type HoldDeps,
  type HoldRow,
  type Resent,
} from '#application';
import { NODE_HASHING } from '#config';
import {
  TOPIC_OF,
  holdIdOf,
  type EventInput,
  type HoldAcknowledged,
  type HoldCommand,
  type Instant,
  type InstructionReceived,
  type PayerResponded,
  type PlatformEvent,
  type Policy,
} from '#domain';
import {
  contentOf,
  makeMemoryStore,
  rehearsalSettings,
  type EntryContent,
  type MemoryStore,
} from '#testing';
import { SOURCE, freshId, hold, subjectWrite, transferRef } from '../contract/samples.ts';

const SETTINGS = rehearsalSettings('lengjing-acceptance-key');
const PARTITION = 0;

export interface Desk {
  readonly store: MemoryStore;
  readonly clock: { at: Instant };
  /** A hold with the subject that it holds, in its first state. */
  place(given: Partial<HoldRow>): Promise<HoldRow>;
  /** One batch of events, told to be read up to `readUntil` afterwards. */
  engine(events: readonly PlatformEvent[], readUntil?: Instant): Promise<void>;
  staff(holdId: string, command: HoldCommand, by?: string): Promise<HoldChangeResult>;
  /** The worker looks for due holds. */
  tick(): Promise<number>;
  resend(): Promise<Resent>;
  find(holdId: string): Promise<HoldRow>;
  journal(): Promise<readonly EntryContent[]>;
  readonly holdDeps: HoldDeps;
}

export function openHoldDesk(policy: Policy = SETTINGS.policy): Desk {
  const clock = { at: 0, now: () => clock.at };
  const store = makeMemoryStore(clock.now);
  const { unitOfWork, engineStore, journalStore, holdStore } = store;
  const holdDeps = {
    unitOfWork,
    holds: holdStore,
    journal: journalStore,
    clock,
    policy: () => policy,
  };
  const batchDeps = { ...holdDeps, store: engineStore, hashing: NODE_HASHING };
  const offsets = new Map<string, number>();
  let epoch: Promise<number> | undefined;
  const ownEpoch = async (): Promise<number> => {
    const [lease] = await engineStore.claim('instance', [PARTITION]);
    return lease?.epoch ?? 0;
  };
  return {
    store,
    clock,
    holdDeps,
    async place(given) {
      const subject = given.subject ?? transferRef();
      const holdId = holdIdOf(subject, NODE_HASHING.sha1);
      const row = hold({ ...given, partition: PARTITION, subject, holdId });
      const { placedAt, dueAt, ceilingAt } = row;
      const recorded = { hold: { holdId, placedAt, dueAt, ceilingAt }, requestedAt: placedAt };
      await unitOfWork.run(async (tx) => {
        await holdStore.save(tx, [row]);
        const write = subjectWrite(row.subject, { payerId: row.payerId, recorded });
        await engineStore.saveSubjects(tx, [write]);
      });
      return row;
    },
    async engine(events, readUntil) {
      epoch ??= ownEpoch();
      const inputs = events.map((event) => inputOf(event, offsets));
      const ranges = [...Map.groupBy(inputs, ({ topic }) => topic)].map(([topic, of]) => ({
        topic,
        from: of[0]?.offset ?? 0,
        to: (of.at(-1)?.offset ?? -1) + 1,
        records: of.length,
      }));
      const lot = {
        partition: PARTITION,
        epoch: await epoch,
        inputs,
        ranges,
        feeds: inputs.map(() => ({})),
      };
      if (inputs.length > 0) await processBatch(batchDeps, [lot], { ...SETTINGS, policy });
      if (readUntil === undefined) return;
      const mark = { partition: PARTITION, epoch: await epoch, readUntil };
      await engineStore.markResponsesRead([mark]);
    },
    staff: (holdId, command, by = 'analyst-1') => changeHold(holdDeps, { holdId, command, by }),
    tick: () => endDueHolds(holdDeps, 100),
    resend: () => resendOrders(holdDeps, 100),
    async find(holdId) {
      const row = await holdStore.find(holdId);
      if (row === undefined) throw new Error('the hold is gone');
      return row;
    },
    async journal() {
      const entries = await journalStore.readAfter(PARTITION, 0, 10_000);
      return entries.map(contentOf);
    },
  };
}

function inputOf(event: PlatformEvent, offsets: Map<string, number>): EventInput {
  const topic = TOPIC_OF[event.kind];
  const offset = offsets.get(topic) ?? 0;
  offsets.set(topic, offset + 1);
  return {
    kind: 'event',
    topic,
    partition: PARTITION,
    offset,
    brokerTime: event.time,
    event,
    droppedSecrets: 0,
    deadLetter: () => ({ key: null, value: null, headers: {}, errorDetail: '' }),
  };
}

function header(row: HoldRow, time: Instant) {
  return { source: SOURCE, id: freshId('event'), time, payer: { accountId: row.payerId } };
}

export function answer(
  row: HoldRow,
  what: PayerResponded['answer'],
  time: Instant,
): PayerResponded {
  return { kind: 'payer.responded', holdId: row.holdId, answer: what, ...header(row, time) };
}

export function instruction(
  row: HoldRow,
  what: InstructionReceived['instruction'],
  time: Instant,
  given: { readonly wholePayer?: boolean; readonly validUntil?: Instant } = {},
): InstructionReceived {
  return {
    kind: 'instruction.received',
    ...(given.wholePayer === true ? {} : { holdId: row.holdId }),
    authority: 'police',
    reference: 'A-1',
    instruction: what,
    validUntil: given.validUntil ?? time + 48 * 3_600_000,
    ...header(row, time),
  };
}

export function settled(row: HoldRow, time: Instant): PlatformEvent {
  return { kind: 'transfer.settled', transferId: row.subject.id, ...header(row, time) };
}

export function acknowledgement(
  row: HoldRow,
  given: Pick<HoldAcknowledged, 'orderSequence' | 'order' | 'result'>,
  time: Instant,
): HoldAcknowledged {
  return { kind: 'hold.acknowledged', holdId: row.holdId, ...given, ...header(row, time) };
}
