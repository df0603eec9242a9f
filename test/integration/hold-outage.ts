/** The broker away while holds are placed and ended, and a publisher that wakes up after another has taken over: what a processor then does. */
import { setTimeout as sleep } from 'node:timers/promises';
import { changeHold, type HoldDeps, type HoldRow } from '#application';
import { SYSTEM_CLOCK } from '#config';
import { defaultPolicy } from '#contracts';
import { ORDER_OF_STATUS, type HoldCommand } from '#domain';
import {
  Ledger,
  ReferenceProcessor,
  type Decision,
  type HoldOrder,
  type WireEvent,
} from '#reference-processor';
import { checkRun, contentOf, type RunRecord } from '#testing';
import { SMALL_BATCHES } from './engine-ordeal.ts';
import type { FollowedRecord } from './engine-topics.ts';
import type { Run, World } from './engine-world.ts';

export interface Outage {
  readonly transfers: number;
  readonly downMs: number;
}

const WAIT_MS = 90_000;
/** A session lasts 6 s; whoever is stopped for longer has lost its partitions. */
const TAKE_OVER_MS = 9_000;

/** On the phone with a stranger, a number typed as the amount, to somebody unknown: held for certain. */
export function heldTransfers(count: number, now: number): readonly WireEvent[] {
  return Array.from({ length: count }, (_, n) => {
    const payer = { accountId: `payer-${n}`, role: 'consumer', sessionId: `s-${n}` };
    const call = { payer, signal: 'call_started', detail: { caller: 'unsaved' } };
    const transfer = {
      payer,
      transferId: `transfer-${n}`,
      payee: { accountId: `mule-${n}`, kind: 'bank_card', ownership: 'other', paidCount: 0 },
      amount: { currency: 'CNY', value: '6919.00' },
      amountInput: { raw: '06919', mode: 'typed' },
      fundingSource: 'balance',
      remark: '亚马逊退款',
    };
    return [
      wire(`call-${n}`, 'session.observed', now - 120_000 + n, call),
      wire(`asked-${n}`, 'transfer.requested', now - 60_000 + n, transfer),
    ];
  }).flat();
}

function wire(id: string, kind: string, at: number, data: WireEvent['data']): WireEvent {
  return {
    specversion: '1.0',
    id,
    source: 'urn:spec:platform',
    type: `io.lengjing.${kind}.v1`,
    time: new Date(at).toISOString(),
    datacontenttype: 'application/json',
    data,
  };
}

/** Plays it and returns what is wrong afterwards, one line each. */
export async function playOutage(world: World, outage: Outage): Promise<readonly string[]> {
  const events = heldTransfers(outage.transfers, Date.now());
  const run = await world.openRun();
  await world.sendLines(events.map((event) => JSON.stringify(event)).join('\n'));
  const zombie = await run.start('risk-engine', SMALL_BATCHES);
  await until('some are decided', () => run.firstDecisions() >= outage.transfers / 8);

  await world.kafka.broker.kill();
  const down = Date.now();
  const before = await openHolds(run);
  await endSome(run, before);
  // What it had read goes on being decided and placed, and nothing of it can be published.
  await until('more are placed meanwhile', async () => (await openHolds(run)).length > 0);
  await sleep(Math.max(0, outage.downMs - (Date.now() - down)));
  zombie.process.kill('SIGSTOP');
  await world.kafka.broker.restart();
  await run.start('risk-engine', SMALL_BATCHES);
  await sleep(TAKE_OVER_MS);
  await until('the other one decides the rest', async () => {
    const { holds } = await run.database.holdStore.list({ state: 'all', limit: 100_000 });
    return holds.length === outage.transfers;
  });
  await endSome(run, await openHolds(run));
  zombie.process.kill('SIGCONT');
  await run.settle();
  // What the zombie still had to say, it has had time to say.
  await sleep(3_000);
  const record = await run.record();
  const found = [...checkRun(record), ...lostOrders(record)];
  for (const order of ORDERS) found.push(...obeyed(events, record, order));
  if (zombie.hasEnded()) found.push('the one that was stopped did not live on');
  await run.close();
  return found;
}

async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${WAIT_MS} ms: ${what}`);
    await sleep(20);
  }
}

async function openHolds(run: Run): Promise<readonly HoldRow[]> {
  const { holds } = await run.database.holdStore.list({ state: 'open', limit: 100_000 });
  return holds;
}

const ENDS: readonly HoldCommand[] = [
  { type: 'cancel', actor: 'payer', reason: 'payer_cancelled' },
  { type: 'cancel', actor: 'analyst', reason: 'scam_confirmed' },
  { type: 'release', actor: 'analyst', appealVerified: true, reason: 'appeal_verified' },
];

/** Three of four are ended, each in one of the ways; the rest goes on waiting. */
async function endSome({ database }: Run, holds: readonly HoldRow[]): Promise<void> {
  const deps: HoldDeps = {
    unitOfWork: database.unitOfWork,
    holds: database.holdStore,
    journal: database.journalStore,
    clock: SYSTEM_CLOCK,
    policy: defaultPolicy,
  };
  for (const [index, { holdId }] of holds.entries()) {
    const command = ENDS[index % (ENDS.length + 1)];
    if (command !== undefined) await changeHold(deps, { holdId, command, by: 'spec' });
  }
}

function jsonOf(record: FollowedRecord): unknown {
  return JSON.parse(Buffer.from(record.value ?? []).toString('utf8'));
}

/** Orders of the journal that never came to the topic. */
function lostOrders(record: RunRecord): string[] {
  const told = new Set(
    ordersOf(record).map(({ holdId, orderSequence }) => `${holdId} ${orderSequence}`),
  );
  const entries = [...record.chains.values()].flat().map(contentOf);
  return entries
    .filter(({ type }) => /^hold\.(placed|extended|matured|released|cancelled|expired)$/.test(type))
    .map(({ body }) => body as { readonly holdId: string; readonly orderSequence: number })
    .filter(({ holdId, orderSequence }) => !told.has(`${holdId} ${orderSequence}`))
    .map(({ holdId, orderSequence }) => `order ${orderSequence} of ${holdId} was never published`);
}

function ordersOf({ published }: RunRecord): HoldOrder[] {
  return published
    .filter(({ topic, headers }) => topic === 'risk.holds' && isHold(headers))
    .map((message) => jsonOf(message as FollowedRecord) as HoldOrder);
}

function isHold(headers: Readonly<Record<string, string | Uint8Array>>): boolean {
  return String(Buffer.from(headers['ce_type'] ?? '')).startsWith('io.lengjing.hold.');
}

/** In which order a processor may read the two topics: they have no mutual order. */
const ORDERS = ['decisions first', 'orders first', 'as they came'] as const;

/** A processor that follows CONTRACT, given everything that was published, and where its payments then stand against the holds. */
function obeyed(
  events: readonly WireEvent[],
  record: RunRecord,
  order: (typeof ORDERS)[number],
): string[] {
  const ledger = new Ledger();
  const processor = new ReferenceProcessor({
    ledger,
    publish: () => Promise.resolve(),
    now: () => 0,
    // Silence is not what this is about: everything is decided.
    schedule: () => () => undefined,
    onFailed: (error) => {
      throw error;
    },
  });
  for (const event of events.filter(({ type }) => type.includes('transfer.requested'))) {
    ledger.deposit((event.data['payer'] as { accountId: string }).accountId, 1_000_000);
    processor.request(event);
  }
  const cancelled = new Set<string>();
  const found: string[] = [];
  for (const message of inOrder(record, order)) {
    if (message.topic === 'risk.decisions') processor.decided(jsonOf(message) as Decision);
    else if (isHold(message.headers)) {
      const told = jsonOf(message) as HoldOrder;
      processor.ordered(told);
      if (told.order === 'cancel') cancelled.add(told.subject.id);
    } else continue;
    for (const id of cancelled) {
      if (processor.stateOf('transfer', id) === 'paid')
        found.push(`${order}: ${id} paid after all`);
    }
  }
  const expected = { hold: 'held', release: 'paid', cancel: 'stopped' } as const;
  for (const { subject, status } of record.holds) {
    const state = processor.stateOf('transfer', subject.id);
    if (state !== expected[ORDER_OF_STATUS[status]]) {
      found.push(`${order}: ${subject.id} is ${state ?? 'unknown'} and its hold ${status}`);
    }
  }
  return found;
}

function inOrder(record: RunRecord, order: (typeof ORDERS)[number]): FollowedRecord[] {
  const all = (record.published as readonly FollowedRecord[]).filter(
    ({ topic }) => topic === 'risk.decisions' || topic === 'risk.holds',
  );
  if (order === 'as they came') return all.toSorted((a, b) => a.timestamp - b.timestamp);
  const first = order === 'orders first' ? 'risk.holds' : 'risk.decisions';
  return [
    ...all.filter(({ topic }) => topic === first),
    ...all.filter(({ topic }) => topic !== first),
  ];
}
