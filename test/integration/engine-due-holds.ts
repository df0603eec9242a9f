/** Holds that fall due within seconds: placed by the engine's own batches under a policy whose times no policy file could have. */
import { processBatch, type ConsumedRange, type DecisionSettings } from '#application';
import { NODE_HASHING, SYSTEM_CLOCK } from '#config';
import type { Input, InputTopic, Policy } from '#domain';
import type { Database } from '#persistence';
import { rehearsalSettings } from '#testing';
import { PARTITIONS } from './engine-world.ts';

/** Each of so many payers, on the phone with a stranger, sends what was called a code to somebody unknown: held for certain. */
export function callsAndTransfers(payers: number, now: number): string {
  const lines = Array.from({ length: payers }, (_, n) => {
    const payer = { accountId: `due-${n}`, role: 'consumer' };
    const call = event(`call-${n}`, 'session.observed', now - 60_000, {
      payer,
      signal: 'call_started',
      detail: { caller: 'unsaved' },
    });
    const transfer = event(`sent-${n}`, 'transfer.requested', now - 30_000, {
      payer,
      transferId: `due-${n}`,
      payee: { accountId: `mule-${n}`, kind: 'bank_card', ownership: 'other', paidCount: 0 },
      amount: { currency: 'CNY', value: '6919.00' },
      amountInput: { raw: '06919', mode: 'typed' },
      fundingSource: 'balance',
      remark: '亚马逊退款',
    });
    return `${call}\n${transfer}`;
  });
  return `${lines.join('\n')}\n`;
}

function event(id: string, kind: string, at: number, data: object): string {
  return JSON.stringify({
    specversion: '1.0',
    id,
    source: 'urn:spec:platform',
    type: `io.lengjing.${kind}.v1`,
    time: new Date(at).toISOString(),
    datacontenttype: 'application/json',
    data,
  });
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const TRANSFERS_PER_BATCH = 10;
const PARTITION_LIST = Array.from({ length: PARTITIONS }, (_, partition) => partition);

export interface DueTimes {
  /** From the first hold that falls due to the last; 0 where all do at once. */
  readonly spreadMs: number;
  /** How long after that the ceiling lies of those that wait to be reconfirmed. */
  readonly ceilingMs: number;
}

/** The ceiling of the others is not what ends them, however slow the machine is. */
const FAR_CEILING_MS = 300_000;
/** A batch of transfers takes longer than one of calls, by so much at most. */
const TRANSFERS_TO_CALLS = 4;
const AHEAD_MS = 2_000;

/**
 * Decides everything that lies on the log, partition by partition in small batches, as an engine does. The holds fall due a moment after
 * all of them are placed; of every three batches those of one each wait to be reconfirmed, are released, are rejected.
 */
export async function placeDueHolds(
  database: Database,
  inputs: readonly Input[],
  times: DueTimes,
): Promise<void> {
  const { engineStore: store, journalStore: journal, unitOfWork } = database;
  const deps = { unitOfWork, store, journal, clock: SYSTEM_CLOCK, hashing: NODE_HASHING };
  const leases = await store.claim('spec', PARTITION_LIST);
  const epochs = new Map(leases.map(({ partition, epoch }) => [partition, epoch]));
  const take = async (lot: Lot, policy: Policy): Promise<void> => {
    const settings = { ...rehearsalSettings(), policy } satisfies DecisionSettings;
    await processBatch(
      deps,
      [{ ...lot, epoch: epochs.get(lot.partition) ?? 0, feeds: lot.inputs.map(() => ({})) }],
      settings,
    );
  };
  const startedAt = Date.now();
  // Calls first, so that they are on record when the transfers are decided.
  const calls = lotsOf(inputs, 'session.signals', inputs.length);
  for (const lot of calls) await take(lot, rehearsalSettings().policy);
  const transfers = lotsOf(inputs, 'payments.transfers', TRANSFERS_PER_BATCH);
  const perLot = ((Date.now() - startedAt) / calls.length) * TRANSFERS_TO_CALLS;
  const dueFrom = Date.now() + perLot * transfers.length + AHEAD_MS;
  for (const [index, lot] of transfers.entries()) {
    const dueAt = dueFrom + (index / transfers.length) * times.spreadMs;
    const dueMs = Math.max(1, Math.round(dueAt - Date.now()));
    await take(lot, policyOf(index, dueMs, times.ceilingMs));
  }
}

const ACTIONS = ['reconfirm', 'release', 'reject'] as const;

function policyOf(index: number, dueMs: number, ceilingMs: number): Policy {
  const { policy } = rehearsalSettings();
  const action = ACTIONS[index % ACTIONS.length] ?? 'reconfirm';
  const ceiling = action === 'reconfirm' ? ceilingMs : FAR_CEILING_MS;
  const duration = { minutes: dueMs / MINUTE_MS, fromCallEnd: false };
  const profile = {
    ...policy.holds[policy.profile],
    durations: { T2: duration, T3: duration, T4: duration },
    ceiling: { hours: (dueMs + ceiling) / HOUR_MS },
    expiryAction: { T2: action, T3: action, T4: action },
  };
  return { ...policy, holds: { ...policy.holds, [policy.profile]: profile } };
}

interface Lot {
  readonly partition: number;
  readonly inputs: readonly Input[];
  readonly ranges: readonly ConsumedRange[];
}

/** The records of a topic in order, at most `most` of one partition at a time. */
function lotsOf(inputs: readonly Input[], topic: InputTopic, most: number): readonly Lot[] {
  return PARTITION_LIST.flatMap((partition) => {
    const all = inputs
      .filter((input) => input.partition === partition && input.topic === topic)
      .sort((a, b) => a.offset - b.offset);
    return Array.from({ length: Math.ceil(all.length / most) }, (_, index) => {
      const piece = all.slice(index * most, (index + 1) * most);
      const [first, last] = [piece[0], piece.at(-1)];
      if (first === undefined || last === undefined) throw new Error('an empty batch');
      const range = { topic, from: first.offset, to: last.offset + 1, records: piece.length };
      return { partition, inputs: piece, ranges: [range] };
    });
  });
}
