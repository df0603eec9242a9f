/** What a batch needs to know of payees, and what it adds to that (SCORING PY3). */
import {
  PAYEE_PAYERS_MAX,
  movesMoney,
  payeeActivityChange,
  subjectKey,
  subjectOf,
  type PayeeActivity,
  type PayeeActivityChange,
  type PayeeNumbers,
  type PayerWindow,
  type Policy,
  type TransferRequested,
} from '#domain';
import type { EngineStore, WindowEvidence } from '../ports/engine-store.ts';
import type { Tx } from '../ports/unit-of-work.ts';
import type { PayerOnRecord } from './payer-evidence.ts';

/** As of each transfer of a payer, by `subjectKey`; more may be read later. */
export type NumbersOfPayees = Map<string, PayeeNumbers>;

/** How far other payers are counted: what the policy asks for, and a little more to be shown. */
export function countTo({ signals }: Policy): number {
  return Math.max(PAYEE_PAYERS_MAX, signals.PY3.newPayers);
}

/** Of the payees of new transfers. */
export async function readPayees(
  tx: Tx,
  store: EngineStore,
  payers: readonly PayerOnRecord[],
  policy: Policy,
): Promise<ReadonlyMap<PayerOnRecord, NumbersOfPayees>> {
  const numbers = new Map<PayerOnRecord, NumbersOfPayees>();
  const asked: AskedPayee[] = [];
  for (const payer of payers) {
    const into: NumbersOfPayees = new Map();
    numbers.set(payer, into);
    for (const event of payer.events) {
      if (event.kind === 'transfer.requested') asked.push({ event, into });
    }
  }
  await read(tx, store, asked, policy);
  return numbers;
}

/** Adds those of transfers that are assessed again, as they are known now. Nothing is asked where there are none. */
export async function readPayeesAgain(
  tx: Tx,
  store: EngineStore,
  again: readonly {
    readonly window: PayerWindow;
    readonly targets: ReadonlySet<string>;
    readonly numbers: NumbersOfPayees;
  }[],
  policy: Policy,
): Promise<void> {
  const asked = again.flatMap(({ window, targets, numbers }) =>
    window.events.flatMap((event) => {
      if (event.kind !== 'transfer.requested') return [];
      const key = subjectKey(subjectOf(event));
      return targets.has(key) && !numbers.has(key) ? [{ event, into: numbers }] : [];
    }),
  );
  await read(tx, store, asked, policy);
}

interface AskedPayee {
  readonly event: TransferRequested;
  readonly into: NumbersOfPayees;
}

/** PY3 is about persons: nothing is asked of shops and the like. An own account may turn out to be somebody else's. */
export function mayBePerson({ payee }: TransferRequested): boolean {
  return payee.kind === 'bank_card' || payee.kind === 'wallet';
}

async function read(
  tx: Tx,
  store: EngineStore,
  asked: readonly AskedPayee[],
  policy: Policy,
): Promise<void> {
  const ofPersons = asked.filter(({ event }) => mayBePerson(event));
  if (ofPersons.length === 0) return;
  const requests = ofPersons.map(({ event }) => ({
    payeeId: event.payee.accountId,
    payerId: event.payer.accountId,
    at: event.time,
  }));
  const numbers = await store.payeeNumbers(tx, requests, countTo(policy));
  ofPersons.forEach(({ event, into }, index) => {
    into.set(subjectKey(subjectOf(event)), numbers[index] as PayeeNumbers);
  });
}

/** What the batch's events change in what is known of payees. */
export function activityOf(
  windows: ReadonlyMap<PayerOnRecord, WindowEvidence>,
): PayeeActivityChange {
  const added: PayeeActivity[] = [];
  const gone: PayeeActivity[] = [];
  for (const [{ events }, evidence] of windows) {
    const news = events.filter(movesMoney);
    if (news.length === 0) continue;
    const before = evidence.events.filter(movesMoney);
    const change = payeeActivityChange(before, [...before, ...news], news);
    added.push(...change.added);
    gone.push(...change.gone);
  }
  return { added, gone };
}
