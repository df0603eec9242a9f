/** One payment from opening the app to the money's arrival: the only place where transfers are made, paid and labelled. */
import { DAY_MS, SECOND_MS, formatInstant, formatMinor, type FundingSource } from '#domain';
import type { TransferLabel } from './labels.ts';
import type { Pocket } from './ledger.ts';
import type { Payee, Person } from './person.ts';
import { useApp } from './phone.ts';
import type { Process } from './schedule.ts';
import { yuan, type World } from './world.ts';

export interface Order {
  readonly ref: string;
  readonly fen?: number;
  readonly kind?: 'purchase' | 'bill' | 'contract' | 'repayment';
}

export interface Payment {
  readonly payee: Payee;
  readonly fen: number;
  readonly script: string;
  readonly scam?: Pick<TransferLabel, 'episode' | 'evasions'>;
  readonly mode?: 'typed' | 'pasted' | 'scanned' | 'order';
  /** What was typed where it is not simply the amount. */
  readonly raw?: string;
  readonly remark?: string;
  readonly order?: Order;
  /** Where it is taken from; otherwise from where this person usually pays, or wherever there is enough. */
  readonly pocket?: Pocket;
  /** The money of a loan, if there is any, is what is spent. */
  readonly loanFirst?: boolean;
  readonly declared?: boolean;
  /** How it ends; settles unless told otherwise, or unless chance has it. */
  readonly ends?: 'returned' | 'payee_rejected' | 'limit';
  /** Tries even without the money, and is refused. */
  readonly triesAnyway?: boolean;
}

export type PaymentResult = 'settled' | 'failed' | 'cancelled' | 'unaffordable';

const SOURCE_OF: Readonly<Record<Pocket, FundingSource>> = {
  balance: 'balance',
  savings: 'yuebao',
  bank: 'bank_card',
};

/** Failures and second thoughts that need no reason [A]. */
const FAILS = 0.003;
const RETRIES = 0.7;
const CANCELLED = 0.005;
/** Most see before they pay that there is not enough [A]. */
const OVERESTIMATES = 0.15;

/** Pays. Whatever the result, the ledger is what really happened. */
export function* pay(world: World, person: Person, payment: Payment): Process<PaymentResult> {
  const { chance } = person;
  useApp(world, person);
  yield chance.between(3, 35) * SECOND_MS;
  announcePayee(world, person, payment);
  const pocket = pocketFor(person, payment);
  const tries = payment.triesAnyway === true || chance.happens(OVERESTIMATES);
  if (pocket === undefined && !tries) return 'unaffordable';
  useApp(world, person);
  const transferId = request(world, person, payment, pocket ?? payment.pocket ?? 'balance');
  if (pocket === undefined) return yield* fail(world, person, transferId, 'insufficient_funds');
  if (payment.ends !== undefined) {
    if (payment.ends === 'limit') world.signal(person, 'limit_notice');
    return yield* fail(world, person, transferId, payment.ends);
  }
  if (payment.scam === undefined && chance.happens(FAILS)) {
    const reason = chance.pick(['other', 'payee_rejected'] as const);
    const result = yield* fail(world, person, transferId, reason);
    if (!chance.happens(RETRIES)) return result;
    yield chance.between(10, 90) * SECOND_MS;
    return yield* pay(world, person, payment);
  }
  if (payment.scam === undefined && chance.happens(CANCELLED)) {
    yield chance.between(1, 5) * SECOND_MS;
    world.emit('transfer.cancelled', 'payments', person, { transferId });
    return 'cancelled';
  }
  return yield* settle(world, person, payment, { transferId, pocket });
}

/** New people are entered before they are paid, which the app reports; shops and institutions are not. */
function announcePayee(world: World, person: Person, { payee }: Payment): void {
  const isPerson = payee.kind === 'wallet' || payee.kind === 'bank_card';
  if (!isPerson || person.history.of(payee.accountId).count > 0) return;
  if (person.chance.happens(0.8)) {
    world.signal(person, 'payee_added', { accountId: payee.accountId });
  }
  // The app's standing sentence about strangers, tapped away.
  if (person.chance.happens(0.05)) world.signal(person, 'warning_dismissed');
}

/** Undefined where nobody has that much. */
function pocketFor(person: Person, payment: Payment): Pocket | 'credit' | undefined {
  const { fen, payee } = payment;
  const { ledger } = person;
  if (payment.pocket !== undefined) {
    return ledger.in(payment.pocket) >= fen ? payment.pocket : undefined;
  }
  const own = payee.ownership === 'own';
  const pockets: Pocket[] = own
    ? ['balance', 'savings']
    : [person.usualPocket, 'balance', 'bank', 'savings'];
  const first = pockets.find((pocket) => ledger.in(pocket) >= fen);
  const mayOwe = payee.kind === 'merchant' && person.usesHuabei && fen < 300_000;
  if (mayOwe && (first === undefined || person.chance.happens(0.35))) return 'credit';
  return first;
}

function request(
  world: World,
  person: Person,
  payment: Payment,
  pocket: Pocket | 'credit',
): string {
  const transferId = world.nextTransferId();
  const { fen, order, remark } = payment;
  const money = profileOf(person);
  const input = inputOf(person, payment);
  world.emit('transfer.requested', 'payments', person, {
    transferId,
    payee: payeeOf(world, person, payment),
    amount: yuan(fen),
    ...(input === undefined ? {} : { amountInput: input }),
    fundingSource: pocket === 'credit' ? 'credit' : SOURCE_OF[pocket],
    ...(remark === undefined ? {} : { remark }),
    ...(order === undefined
      ? {}
      : {
          order: {
            ref: order.ref,
            ...(order.fen === undefined ? {} : { amount: yuan(order.fen) }),
            ...(order.kind === undefined ? {} : { kind: order.kind }),
          },
        }),
    ...(money === undefined ? {} : { profile: money }),
  });
  const label: TransferLabel = {
    transferId,
    label: payment.scam === undefined ? 'legit' : 'scam',
    script: payment.script,
    payerId: person.accountId,
    ...payment.scam,
  };
  world.transferLabels.push(label);
  return transferId;
}

function payeeOf(world: World, person: Person, { payee, declared }: Payment): object {
  const { count, firstAt } = person.history.of(payee.accountId);
  const isPerson = payee.kind === 'wallet' || payee.kind === 'bank_card';
  const isKnown = person.chance.happens(0.97);
  const ageKnown = isAgeKnown(payee);
  return {
    accountId: payee.accountId,
    kind: payee.kind,
    ownership: payee.ownership,
    ...(isKnown ? { paidCount: count } : {}),
    ...(isKnown && firstAt !== undefined ? { firstPaidAt: formatInstant(firstAt) } : {}),
    ...(ageKnown && payee.openedAt !== undefined
      ? { accountAgeDays: Math.max(0, Math.floor((world.now - payee.openedAt) / DAY_MS)) }
      : {}),
    ...(payee.nameMatch === undefined ? {} : { nameMatch: payee.nameMatch }),
    ...(isPerson && payee.ownership === 'other' ? { declaredContact: declared === true } : {}),
    ...(payee.refundable === undefined ? {} : { refundable: payee.refundable }),
    ...(payee.displayName === undefined ? {} : { displayName: payee.displayName }),
  };
}

/** Platforms know the age of nearly every wallet and of two cards in five, always of the same ones. */
function isAgeKnown({ accountId, kind }: Payee): boolean {
  let sum = 0;
  for (let i = 0; i < accountId.length; i += 1) sum = (sum * 31 + accountId.charCodeAt(i)) % 9_973;
  return sum % 100 < (kind === 'bank_card' ? 40 : 95);
}

function profileOf(person: Person): object | undefined {
  if (!person.reports.payerMoney) return undefined;
  const p99 = person.history.p99();
  return {
    liquidBefore: yuan(person.ledger.ownMoney),
    ...(p99 === undefined ? {} : { p99Amount: yuan(p99) }),
  };
}

/** Typing slips: a zero that was not deleted before the amount [A]. */
const SLIPS = 0.0003;

function inputOf(person: Person, payment: Payment): object | undefined {
  if (!person.reports.amountInput) return undefined;
  const mode = payment.mode ?? (person.chance.happens(0.02) ? 'pasted' : 'typed');
  if (payment.raw !== undefined) return { mode, raw: payment.raw };
  const value = formatMinor({ currency: 'CNY', minor: payment.fen });
  if (mode !== 'typed') return { mode, raw: value };
  const plain = value.endsWith('.00') ? value.slice(0, -3) : value;
  return { mode, raw: person.chance.happens(SLIPS) ? `0${plain}` : plain };
}

function* fail(
  world: World,
  person: Person,
  transferId: string,
  reason: 'insufficient_funds' | 'payee_rejected' | 'returned' | 'limit' | 'other',
): Process<'failed'> {
  yield person.chance.between(1, reason === 'returned' ? 60 : 4) * SECOND_MS;
  world.emit('transfer.failed', 'payments', person, { transferId, reason });
  return 'failed';
}

function* settle(
  world: World,
  person: Person,
  payment: Payment,
  { transferId, pocket }: { readonly transferId: string; readonly pocket: Pocket | 'credit' },
): Process<'settled'> {
  const { payee, fen } = payment;
  if (pocket !== 'credit') person.ledger.spend(pocket, fen, payment.loanFirst);
  const slow = payee.kind === 'bank_card';
  yield person.chance.between(300, slow ? 20_000 : 2_500);
  world.emit('transfer.settled', 'payments', person, { transferId });
  person.history.paid(payee.accountId, fen, world.now);
  if (payee.ownership === 'own') person.ledger.receive('bank', fen);
  if (payee.receiver !== undefined) {
    world.receive(payee.receiver, fen, {
      accountId: person.accountId,
      kind: person.occupation === 'shopkeeper' ? 'merchant' : 'wallet',
      ownership: 'other',
    });
  }
  return 'settled';
}

/** Savings back into the balance. Never more than there are; returns how much, in fen. */
export function redeem(world: World, person: Person, fen: number): number {
  const { ledger } = person;
  const taken = Math.min(fen, ledger.savings);
  if (taken <= 0) return 0;
  const share = Math.round((100 * taken) / ledger.savings);
  ledger.move('savings', 'balance', taken);
  useApp(world, person);
  world.emit('savings.redeemed', 'app', person, {
    product: 'yuebao',
    amount: yuan(taken),
    share: `${Math.floor(share / 100)}.${String(share % 100).padStart(2, '0')}`,
  });
  return taken;
}
