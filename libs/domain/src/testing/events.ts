/** Events with fixed defaults for specs: what a spec does not name does not matter to it. */
import type {
  AmountInput,
  CodeMatched,
  CodeObserved,
  CreditContext,
  CreditDraw,
  CreditRepaid,
  EventHeader,
  FundingSource,
  FundsReceived,
  InstructionReceived,
  MerchantOrdered,
  Payee,
  Payer,
  PayerAnswer,
  PayerResponded,
  SavingsRedeemed,
  SessionObserved,
  SessionSignal,
  TransferEnded,
  TransferFailureReason,
  TransferRequested,
} from '../event/event.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Money } from '../kernel/money.ts';

/** When the subject of a spec is requested unless it says otherwise: noon in Shanghai. */
export const NOON: Instant = Date.UTC(2026, 2, 4, 4);
export const PAYER = 'payer-1';
export const SOURCE = 'urn:spec:platform';

export const ago = (ms: number): Instant => NOON - ms;

/** A person whom the payer has never paid. */
export const NEW: Partial<Payee> = { paidCount: 0 };
export const OWN: Partial<Payee> = { accountId: 'own-card', ownership: 'own' };
export const SHOP: Partial<Payee> = { accountId: 'shop', kind: 'merchant' };
export const INSTITUTION: Partial<Payee> = { accountId: 'hospital', kind: 'institution' };
export const LENDER: Partial<Payee> = { accountId: 'lender', kind: 'lender' };

/** Money in yuan; two decimals at most. */
export function yuan(value: number, currency = 'CNY'): Money {
  return { currency, minor: Math.round(value * 100) };
}

let count = 0;

/** Ids rise with each event built, so that events of the same time and rank keep the order in which a spec names them. */
function nextId(): string {
  count += 1;
  return `e${String(count).padStart(7, '0')}`;
}

export interface Heading {
  readonly time?: Instant;
  readonly id?: string;
  readonly source?: string;
  readonly session?: string;
  readonly role?: 'consumer' | 'merchant';
  readonly payerId?: string;
}

function header(given: Heading): EventHeader {
  const payer: Payer = {
    accountId: given.payerId ?? PAYER,
    ...(given.session === undefined ? {} : { sessionId: given.session }),
    ...(given.role === undefined ? {} : { role: given.role }),
  };
  return {
    source: given.source ?? SOURCE,
    id: given.id ?? nextId(),
    time: given.time ?? NOON,
    payer,
  };
}

export interface TransferGiven extends Heading {
  readonly transferId?: string;
  readonly yuan?: number;
  readonly currency?: string;
  /** Changes to a person of whom nothing is known. */
  readonly to?: Partial<Payee>;
  readonly from?: FundingSource;
  readonly input?: Partial<AmountInput>;
  readonly remark?: string;
  readonly order?: TransferRequested['order'];
  /** Yuan. */
  readonly liquid?: number;
  readonly p99?: number;
}

export function transfer(given: TransferGiven = {}): TransferRequested {
  const heading = header(given);
  const { input, remark, order, liquid, p99, currency = 'CNY' } = given;
  return {
    kind: 'transfer.requested',
    ...heading,
    transferId: given.transferId ?? `t-${heading.id}`,
    payee: { accountId: 'payee-1', kind: 'bank_card', ownership: 'other', ...given.to },
    amount: yuan(given.yuan ?? 1000, currency),
    fundingSource: given.from ?? 'balance',
    ...(input === undefined
      ? {}
      : { amountInput: { mode: 'typed', leadingZero: false, digits: 4, ...input } }),
    ...(remark === undefined ? {} : { remark }),
    ...(order === undefined ? {} : { order }),
    ...(liquid === undefined && p99 === undefined
      ? {}
      : {
          profile: {
            ...(liquid === undefined ? {} : { liquidBefore: yuan(liquid, currency) }),
            ...(p99 === undefined ? {} : { p99Amount: yuan(p99, currency) }),
          },
        }),
  };
}

function ended(
  kind: TransferEnded['kind'],
  of: TransferRequested,
  given: Heading & { readonly reason?: TransferFailureReason },
): TransferEnded {
  return {
    kind,
    ...header(given),
    transferId: of.transferId,
    ...(given.reason === undefined ? {} : { reason: given.reason }),
  };
}

export function settled(of: TransferRequested, given: Heading = {}): TransferEnded {
  return ended('transfer.settled', of, given);
}

export function failed(
  of: TransferRequested,
  given: Heading & { readonly reason?: TransferFailureReason } = {},
): TransferEnded {
  return ended('transfer.failed', of, { reason: 'other', ...given });
}

export function cancelled(of: TransferRequested, given: Heading = {}): TransferEnded {
  return ended('transfer.cancelled', of, given);
}

export interface DrawGiven extends Heading {
  readonly drawId?: string;
  readonly lender?: string;
  readonly product?: string;
  readonly yuan?: number;
  readonly currency?: string;
  readonly limit?: number;
  readonly firstDraw?: boolean;
}

function draw<Kind extends CreditDraw['kind']>(
  kind: Kind,
  given: DrawGiven,
): CreditDraw & { readonly kind: Kind } {
  const heading = header(given);
  const { currency = 'CNY' } = given;
  return {
    kind,
    ...heading,
    drawId: given.drawId ?? `d-${heading.id}`,
    lender: given.lender ?? 'ant',
    product: given.product ?? 'jiebei',
    amount: yuan(given.yuan ?? 1000, currency),
    ...(given.limit === undefined ? {} : { limit: yuan(given.limit, currency) }),
    ...(given.firstDraw === undefined ? {} : { firstDraw: given.firstDraw }),
  };
}

export const drawn = (given: DrawGiven = {}) => draw('credit.drawn', given);
export const drawRequested = (given: DrawGiven = {}) => draw('credit.draw-requested', given);
export const drawCancelled = (given: DrawGiven = {}) => draw('credit.draw-cancelled', given);

export interface CreditGiven extends Heading {
  readonly lender?: string;
  readonly product?: string;
  readonly limit?: number;
}

function credit(kind: CreditContext['kind'], given: CreditGiven): CreditContext {
  return {
    kind,
    ...header(given),
    lender: given.lender ?? 'ant',
    product: given.product ?? 'jiebei',
    ...(given.limit === undefined ? {} : { limit: yuan(given.limit) }),
  };
}

export const lineOpened = (given: CreditGiven = {}) => credit('credit.line-opened', given);
export const limitViewed = (given: CreditGiven = {}) => credit('credit.limit-viewed', given);

export function repaid(given: DrawGiven = {}): CreditRepaid {
  return {
    kind: 'credit.repaid',
    ...header(given),
    lender: given.lender ?? 'ant',
    product: given.product ?? 'jiebei',
    amount: yuan(given.yuan ?? 1000, given.currency),
  };
}

export function session(
  signal: SessionSignal,
  given: Heading & { readonly caller?: 'saved' | 'unsaved'; readonly accountId?: string } = {},
): SessionObserved {
  return {
    kind: 'session.observed',
    ...header(given),
    signal,
    ...(given.caller === undefined ? {} : { caller: given.caller }),
    ...(given.accountId === undefined ? {} : { accountId: given.accountId }),
  };
}

/** A call that began and ended so long before noon; still running where no end is given. */
export function call(
  given: Heading & {
    readonly start: number;
    readonly end?: number;
    readonly caller?: 'saved' | 'unsaved';
  },
): SessionObserved[] {
  const { start, end, caller = 'unsaved', ...heading } = given;
  const started = session('call_started', { ...heading, caller, time: ago(start) });
  if (end === undefined) return [started];
  return [started, session('call_ended', { ...heading, caller, time: ago(end) })];
}

export function redeemed(given: Heading & { readonly share?: number } = {}): SavingsRedeemed {
  return {
    kind: 'savings.redeemed',
    ...header(given),
    product: 'yuebao',
    amount: yuan(5000),
    sharePercent: given.share ?? 100,
  };
}

export function received(
  given: Heading & { readonly yuan?: number; readonly by?: Partial<FundsReceived['from']> } = {},
): FundsReceived {
  return {
    kind: 'funds.received',
    ...header(given),
    amount: yuan(given.yuan ?? 1000),
    from: { accountId: 'friend-1', kind: 'wallet', ownership: 'other', ...given.by },
  };
}

export function ordered(given: Heading & { readonly yuan?: number } = {}): MerchantOrdered {
  return {
    kind: 'merchant.ordered',
    ...header(given),
    amount: yuan(given.yuan ?? 100),
    merchant: { accountId: 'shop' },
  };
}

export function responded(
  holdId: string,
  answer: PayerAnswer,
  given: Heading = {},
): PayerResponded {
  return { kind: 'payer.responded', ...header(given), holdId, answer };
}

export function instructed(
  holdId: string,
  instruction: 'stop' | 'lift',
  given: Heading = {},
): InstructionReceived {
  const heading = header(given);
  return {
    kind: 'instruction.received',
    ...heading,
    holdId,
    authority: 'police',
    reference: 'spec-1',
    instruction,
    validUntil: heading.time + 1,
  };
}

export interface CodeGiven extends Heading {
  readonly codeId?: string;
  readonly keyId?: string;
  /** Whether the code has expired is nothing that the rules look at. */
  readonly expiresAt?: Instant;
}

/** The digests of a code as CONTRACT lists them, in the plain form that `SPEC_CODES` reads. */
export function code(digits: string, given: CodeGiven = {}): CodeObserved {
  const heading = header(given);
  const { keyId = 'default', codeId = `c-${heading.id}` } = given;
  const digests: CodeObserved['digests'][number][] = [];
  for (let n = digits.length; n === digits.length || n >= 4; n -= 1) {
    const canonical = digits.slice(0, n).replace(/^0+/, '');
    if (canonical.length < 4) continue;
    const form = n === digits.length ? 'full' : 'prefix';
    digests.push({ form, digits: n, digest: plainDigest(keyId, codeId, canonical) });
  }
  return {
    kind: 'code.observed',
    ...heading,
    codeId,
    origin: 'sms',
    digits: digits.length,
    keyId,
    digests,
    expiresAt: given.expiresAt ?? heading.time + 5 * 60_000,
  };
}

/** Injective, which is all that the scorer asks of a digest. */
export function plainDigest(keyId: string, codeId: string, canonical: string): string {
  return `${keyId}:${codeId}:${canonical}`;
}

export function codeMatched(
  transferId: string,
  given: Heading & Partial<Pick<CodeMatched, 'codeId' | 'digits' | 'form' | 'as'>> = {},
): CodeMatched {
  return {
    kind: 'code.matched',
    ...header(given),
    transferId,
    codeId: given.codeId ?? 'c-matched',
    digits: given.digits ?? 6,
    form: given.form ?? 'full',
    as: given.as ?? 'yuan',
  };
}
