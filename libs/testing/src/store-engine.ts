/** The engine's reads and writes on the in-memory store. */
import {
  type Appeal,
  InvariantBroken,
  PartitionsFenced,
  TransientFault,
  recordedHold,
  type EngineStore,
  type HabitStore,
  type HabitWrite,
  type PayeeStore,
  type PayerProfile,
  type PositionAdvance,
  type StoredSubject,
  type SubjectWrite,
  type WindowEvidence,
  type WindowRequest,
} from '#application';
import {
  INPUT_TOPICS,
  ORDERS_EXTRA_MS,
  WINDOW_EVENTS_MAX,
  cutSums,
  evidenceClass,
  isOpen,
  subjectKey,
  type FeedPulse,
  type FeedPulses,
  type InputTopic,
  type Instant,
  type PlatformEvent,
} from '#domain';
import { makeHabitStore } from './store-habits.ts';
import { makePayeeStore, makePayeeTables, type PayeeTables } from './store-payees.ts';
import { quietsOf, type QuietTable } from './store-quiets.ts';
import { lockHoldsInOrder, saveHold, type HoldTable } from './store-holds.ts';
import {
  makeTable,
  type MemoryTransactions,
  type OpenTransaction,
  type Table,
} from './store-transactions.ts';

export interface StoredEvidence {
  readonly partition: number;
  readonly event: PlatformEvent;
}

interface Position {
  readonly topic: InputTopic;
  readonly partition: number;
  readonly nextOffset: number;
  readonly epoch: number;
  readonly pulse?: FeedPulse;
}

export interface EngineTables {
  readonly evidence: Table<StoredEvidence>;
  readonly payees: PayeeTables;
  readonly habits: Table<HabitWrite>;
  readonly subjects: Table<SubjectWrite>;
  readonly profiles: Table<PayerProfile>;
  readonly responsesRead: Table<Instant>;
  readonly appeals: Table<Appeal>;
  readonly positions: Table<Position>;
  readonly quiets: QuietTable;
}

export function makeEngineTables(): EngineTables {
  return {
    evidence: makeTable((row) => payerKey(row.partition, row.event.payer.accountId)),
    payees: makePayeeTables(),
    habits: makeTable(),
    subjects: makeTable((row) => payerKey(row.partition, row.payerId)),
    profiles: makeTable(),
    positions: makeTable((row) => String(row.partition)),
    quiets: makeTable((row) => row.payerId),
    responsesRead: makeTable(),
    appeals: makeTable(),
  };
}

const payerKey = (partition: number, payerId: string): string => `${partition}\n${payerId}`;
const positionKey = (topic: InputTopic, partition: number): string => `${partition}\n${topic}`;

export function makeEngineStore(
  transactions: MemoryTransactions,
  tables: EngineTables,
  holds: HoldTable,
  now: () => Instant,
): EngineStore {
  return {
    ...makeReads(transactions, tables, holds),
    ...makeWrites(transactions, tables, holds),
    ...makeHabitStore(transactions, tables.habits),
    ...makePayeeStore(transactions, tables.payees, tables.subjects, now),
    claim: (_instanceId, partitions) =>
      transactions.run(async (tx) => {
        const open = transactions.open(tx);
        const leases = [];
        for (const partition of partitions.toSorted((a, b) => a - b)) {
          leases.push(await claimPartition(open, tables, partition));
        }
        return leases;
      }),
    markResponsesRead: (marks) =>
      transactions.run(async (tx) => {
        const open = transactions.open(tx);
        for (const { partition, epoch, readUntil } of marks) {
          const key = String(partition);
          const epochs = open.group(tables.positions, key).map((row) => row.epoch);
          await open.lock(`responses:${key}`);
          const old = open.get(tables.responsesRead, key) ?? 0;
          if (epoch === Math.max(0, ...epochs) && readUntil > old) {
            open.put(tables.responsesRead, key, readUntil);
          }
        }
      }),
    async unseenTopics() {
      const read = [...tables.positions.rows.values()].filter((row) => row.nextOffset > 0);
      const seen = new Set(read.map((row) => row.topic));
      return INPUT_TOPICS.filter((topic) => !seen.has(topic));
    },
  };
}

type Reads = 'knownSubjects' | 'recordedSubjects' | 'windows' | 'quiets' | 'profiles';

function makeReads(
  transactions: MemoryTransactions,
  tables: EngineTables,
  holds: HoldTable,
): Pick<EngineStore, Reads> {
  return {
    async knownSubjects(tx, subjects) {
      const open = transactions.open(tx);
      return subjects.flatMap((subject) => {
        const known = open.get(tables.subjects, subjectKey(subject));
        if (known === undefined) return [];
        const { partition, payerId, recorded } = known;
        return [{ subject, partition, payerId, contentHash: recorded.contentHash }];
      });
    },
    async recordedSubjects(tx, requests) {
      const open = transactions.open(tx);
      return new Map(requests.map((one) => [one.payerId, recordedOf(open, tables, holds, one)]));
    },
    async windows(tx, requests) {
      const open = transactions.open(tx);
      return requests.map((request) => {
        const rows = open.group(tables.evidence, payerKey(request.partition, request.payerId));
        return windowOf(request, rows);
      });
    },
    async quiets(tx, payerIds) {
      return quietsOf(transactions.open(tx), tables.quiets, payerIds);
    },
    async profiles(tx, payerIds) {
      const open = transactions.open(tx);
      const found = payerIds.flatMap((id) => open.get(tables.profiles, id) ?? []);
      return new Map(found.map((profile) => [profile.payerId, profile]));
    },
  };
}

type Writes = Exclude<
  keyof EngineStore,
  Reads | keyof PayeeStore | keyof HabitStore | 'claim' | 'markResponsesRead' | 'unseenTopics'
>;

function makeWrites(
  transactions: MemoryTransactions,
  tables: EngineTables,
  holds: HoldTable,
): Pick<EngineStore, Writes> {
  return {
    lockHolds: (tx, holdIds) => lockHoldsInOrder(transactions.open(tx), holds, holdIds),
    async appendEvidence(tx, writes) {
      const open = transactions.open(tx);
      return writes.filter((write) => appendOne(open, tables, write)).length;
    },
    async saveProfiles(tx, profiles) {
      const open = transactions.open(tx);
      for (const profile of profiles) {
        const old = open.get(tables.profiles, profile.payerId);
        if (old !== undefined && old.updatedAt >= profile.updatedAt) continue;
        open.put(tables.profiles, profile.payerId, profile);
      }
    },
    async saveSubjects(tx, writes) {
      const open = transactions.open(tx);
      for (const write of writes) await saveSubject(open, tables, write);
    },
    async addAppeals(tx, appeals) {
      const open = transactions.open(tx);
      const added = appeals.filter(({ appealId }) => !open.get(tables.appeals, appealId));
      for (const appeal of added) open.put(tables.appeals, appeal.appealId, appeal);
      return new Set(added.map(({ appealId }) => appealId));
    },
    async saveHolds(tx, rows) {
      const open = transactions.open(tx);
      for (const row of rows) await saveHold(open, holds, row);
    },
    advance: (tx, advances) => advance(transactions.open(tx), tables, advances),
  };
}

async function claimPartition(open: OpenTransaction, tables: EngineTables, partition: number) {
  for (const topic of INPUT_TOPICS) await open.lock(`position:${positionKey(topic, partition)}`);
  const rows = open.group(tables.positions, String(partition));
  const epoch = Math.max(0, ...rows.map((row) => row.epoch)) + 1;
  const positions = INPUT_TOPICS.map((topic) => {
    const row = rows.find((one) => one.topic === topic);
    const position = { topic, partition, nextOffset: row?.nextOffset ?? 0 };
    open.put(tables.positions, positionKey(topic, partition), { ...row, ...position, epoch });
    return position;
  });
  const spoken = rows.flatMap(({ topic, pulse }) => (pulse === undefined ? [] : [[topic, pulse]]));
  return { partition, epoch, positions, feeds: Object.fromEntries(spoken) as FeedPulses };
}

function recordedOf(
  open: OpenTransaction,
  tables: EngineTables,
  holds: HoldTable,
  request: WindowRequest,
): readonly StoredSubject[] {
  return open
    .group(tables.subjects, payerKey(request.partition, request.payerId))
    .map((write) => write.recorded)
    .filter((recorded) => {
      const row = recorded.hold === undefined ? undefined : open.get(holds, recorded.hold.holdId);
      return recorded.requestedAt >= request.from || (row !== undefined && isOpen(row));
    })
    .sort((a, b) => a.requestedAt - b.requestedAt)
    .map(({ hold, ...recorded }) => {
      const row = hold === undefined ? undefined : open.get(holds, hold.holdId);
      return row === undefined ? recorded : { ...recorded, hold: recordedHold(row) };
    });
}

function appendOne(open: OpenTransaction, tables: EngineTables, write: StoredEvidence): boolean {
  const { event, partition } = write;
  const key = `${partition}\n${event.payer.accountId}\n${event.time}\n${event.source}\n${event.id}`;
  if (open.get(tables.evidence, key) !== undefined) return false;
  open.put(tables.evidence, key, write);
  return true;
}

function windowOf(request: WindowRequest, rows: readonly StoredEvidence[]): WindowEvidence {
  const all = rows
    .map((row) => row.event)
    .filter((event) => event.time >= request.from - ORDERS_EXTRA_MS)
    .sort(newestFirst);
  const inWindow = all.filter((event) => event.time >= request.from);
  const newest = inWindow.slice(0, WINDOW_EVENTS_MAX);
  const older = inWindow.slice(WINDOW_EVENTS_MAX);
  const orders = all.filter(
    (event) => event.time < request.from && evidenceClass(event) === 'order',
  );
  const kept = older.filter((event) => evidenceClass(event) !== 'ordinary');
  return {
    payerId: request.payerId,
    events: [...newest, ...kept, ...orders.slice(0, WINDOW_EVENTS_MAX)],
    cut: cutSums(older, inWindow),
    windowTruncated: older.length > 0,
  };
}

function newestFirst(a: PlatformEvent, b: PlatformEvent): number {
  if (a.time !== b.time) return b.time - a.time;
  if (a.source !== b.source) return a.source < b.source ? 1 : -1;
  return a.id === b.id ? 0 : a.id < b.id ? 1 : -1;
}

async function saveSubject(
  open: OpenTransaction,
  tables: EngineTables,
  write: SubjectWrite,
): Promise<void> {
  const key = subjectKey(write.recorded.subject);
  await open.lock(`subject:${key}`);
  const old = open.get(tables.subjects, key);
  const same =
    old === undefined ||
    (old.partition === write.partition &&
      old.payerId === write.payerId &&
      old.recorded.contentHash === write.recorded.contentHash &&
      old.recorded.sequence <= write.recorded.sequence);
  if (!same) throw new TransientFault('a subject was just recorded by another transaction');
  open.put(tables.subjects, key, write);
}

async function advance(
  open: OpenTransaction,
  tables: EngineTables,
  advances: readonly PositionAdvance[],
): Promise<void> {
  const fenced = new Set<number>();
  for (const one of advances) {
    const key = positionKey(one.topic, one.partition);
    if (one.nextOffset < one.expectedOffset) throw new InvariantBroken('a position went backwards');
    await open.lock(`position:${key}`);
    const old = open.get(tables.positions, key);
    if (old?.epoch !== one.epoch || old.nextOffset !== one.expectedOffset) {
      fenced.add(one.partition);
    } else {
      const { nextOffset, pulse = old.pulse } = one;
      open.put(tables.positions, key, {
        ...old,
        nextOffset,
        ...(pulse === undefined ? {} : { pulse }),
      });
    }
  }
  if (fenced.size > 0) throw new PartitionsFenced([...fenced].sort((a, b) => a - b));
}
