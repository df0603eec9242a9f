/** Fixed sample values for the contract suites: what a test does not name does not matter to it. */
import type { HoldRow, StoredSubject, StoresUnderTest, SubjectWrite } from './stores.ts';
import {
  subjectKey,
  type CodeObserved,
  type CreditDraw,
  type MerchantOrdered,
  type PlatformEvent,
  type SessionObserved,
  type SubjectRef,
  type TransferEnded,
  type TransferRequested,
} from '#domain';

export const SOURCE = 'urn:test:platform';
/** 2026-03-01T10:00:00Z, on the hour. */
export const T0 = 1_772_359_200_000;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

let counter = 0;
export function freshId(prefix: string): string {
  counter += 1;
  return `${prefix}-${counter}`;
}

type Given<Event> = Partial<Omit<Event, 'payer'>> & { readonly payerId?: string };

function header(given: {
  readonly payerId?: string;
  readonly id?: string;
  readonly time?: number;
}) {
  const { payerId = 'payer-1', id = freshId('event'), time = T0 } = given;
  return { source: SOURCE, id, time, payer: { accountId: payerId } };
}

export function transfer(given: Given<TransferRequested> = {}): TransferRequested {
  const { payerId: _payerId, ...rest } = given;
  return {
    kind: 'transfer.requested',
    transferId: freshId('transfer'),
    payee: { accountId: 'payee-1', kind: 'bank_card', ownership: 'other', paidCount: 0 },
    amount: { currency: 'CNY', minor: 500_00 },
    fundingSource: 'balance',
    ...rest,
    ...header(given),
  };
}

export function transferEnded(
  kind: TransferEnded['kind'],
  transferId: string,
  time: number,
): TransferEnded {
  return { kind, transferId, ...header({ time }) };
}

export function draw(given: Given<CreditDraw> = {}): CreditDraw {
  const { payerId: _payerId, ...rest } = given;
  return {
    kind: 'credit.drawn',
    drawId: freshId('draw'),
    lender: 'ant',
    product: 'jiebei',
    amount: { currency: 'CNY', minor: 34_000_00 },
    ...rest,
    ...header(given),
  };
}

export function signal(name: SessionObserved['signal'], time: number): SessionObserved {
  return { kind: 'session.observed', signal: name, ...header({ time }) };
}

export function code(given: Given<CodeObserved> = {}): CodeObserved {
  const { payerId: _payerId, ...rest } = given;
  return {
    kind: 'code.observed',
    codeId: freshId('code'),
    origin: 'sms',
    digits: 5,
    keyId: 'default',
    digests: [],
    expiresAt: T0 + DAY,
    ...rest,
    ...header(given),
  };
}

export function order(time: number): MerchantOrdered {
  return {
    kind: 'merchant.ordered',
    amount: { currency: 'CNY', minor: 1_00 },
    merchant: { accountId: 'merchant-1' },
    ...header({ time }),
  };
}

export function hold(given: Partial<HoldRow> = {}): HoldRow {
  return {
    holdId: freshId('hold'),
    partition: 0,
    payerId: 'payer-1',
    subject: { source: SOURCE, kind: 'transfer', id: 'transfer-held' },
    payeeId: 'payee-1',
    amountMinor: 6919_00,
    currency: 'CNY',
    tier: 'T3',
    status: 'placed',
    placedAt: T0,
    dueAt: T0 + 2 * HOUR,
    ceilingAt: T0 + 3 * DAY,
    expiryAction: 'reconfirm',
    orderSequence: 1,
    attempt: 1,
    profile: 'CN',
    reasonCodes: ['CR1', 'CD0'],
    decisionId: 'decision-1',
    caseId: 'case-1',
    ...given,
  };
}

export function subjectWrite(
  subject: SubjectRef,
  given: Partial<Omit<SubjectWrite, 'recorded'>> & { recorded?: Partial<StoredSubject> } = {},
): SubjectWrite {
  const { recorded, ...rest } = given;
  return {
    partition: 0,
    payerId: 'payer-1',
    ...rest,
    recorded: {
      subject,
      contentHash: `hash of ${subjectKey(subject)}`,
      requestedAt: T0,
      sequence: 1,
      effect: { outcome: 'warn', tier: 'T1' },
      assessed: { outcome: 'warn', tier: 'T1', ownTier: 'T1', lowered: false },
      ...recorded,
    },
  };
}

export function transferRef(id = freshId('transfer')): SubjectRef {
  return { source: SOURCE, kind: 'transfer', id };
}

/** Appends events of one partition in a transaction of their own. */
export function keep(
  stores: StoresUnderTest,
  events: readonly PlatformEvent[],
  partition = 0,
): Promise<number> {
  return stores.unitOfWork.run((tx) =>
    stores.engineStore.appendEvidence(
      tx,
      events.map((event) => ({ partition, event })),
    ),
  );
}

export function ids(events: readonly PlatformEvent[]): string[] {
  return events.map((event) => event.id).sort();
}
