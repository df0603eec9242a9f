/** Small streams of a few payers, drawn from a seed: ordinary payments, borrowing, codes, calls, answers, and what goes wrong on the way. */
import { NODE_HASHING } from '#config';
import { digestCode, eventType } from '#contracts';
import { holdIdOf, type EventKind, type Instant } from '#domain';
import { makeChance, type Chance } from '../log-chance.ts';
import {
  arrivalOf,
  inOrderOfArrival,
  structuredArrivalOf,
  type Arrival,
  type SentEvent,
} from './arrivals.ts';

export interface StreamOptions {
  readonly seed: number;
  readonly payers: number;
  /** Of each payer. */
  readonly events: number;
  /** Nothing arrives late, and each payer's events lie further apart than the tolerance of clocks. */
  readonly punctual?: boolean;
  /** Nobody answers, lifts, settles or cancels a transfer: what is decided then depends on the events alone. */
  readonly unanswered?: boolean;
  /** Payers pay some of the same payees, one of themselves among them. */
  readonly shared?: boolean;
}

/** The key under which the stream's codes are digested, by the id `default`. */
export const STREAM_CODE_KEY = 'lengjing-simulation-key';
export const STREAM_SOURCE = 'https://platform.example/simulation';
const START: Instant = Date.parse('2026-03-02T04:00:00.000Z');
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

export function generateStream(options: StreamOptions): readonly Arrival[] {
  const chance = makeChance(options.seed ^ 0x57ea);
  const arrivals: Arrival[] = [];
  for (let number = 1; number <= options.payers; number += 1) {
    const script = new PayerScript(`payer-${number}`, chance, options);
    for (let event = 0; event < options.events; event += 1) script.next();
    arrivals.push(...script.arrivals);
  }
  return inOrderOfArrival(arrivals);
}

const SIGNALS = [
  'login',
  'login_elsewhere',
  'new_device',
  'call_started',
  'call_ended',
  'screen_share_started',
  'screen_share_ended',
  'remote_control',
  'screenshot',
  'balance_viewed',
  'card_bind_failed',
  'battery_low',
];
const CALLS: ReadonlySet<string> = new Set(['call_started', 'call_ended']);
const YUAN = ['280.00', '999.00', '4000.00', '6919.00', '12000.00', '34000.00', '50000.50'];
const LENDERS = [
  ['ant', 'jiebei'],
  ['zhaolian', 'zhaolian'],
  ['gf-bank', 'haojieqian'],
] as const;
const ANSWERS = ['cancel', 'coached_yes', 'coached_no', 'reconfirm', 'appeal'];

type Move = readonly [weight: number, move: () => void];

/** One payer's story, event by event. */
class PayerScript {
  readonly arrivals: Arrival[] = [];
  readonly #payer: string;
  readonly #chance: Chance;
  readonly #punctual: boolean;
  readonly #unanswered: boolean;
  readonly #shared: boolean;
  readonly #moves: readonly Move[];
  readonly #transfers: string[] = [];
  readonly #draws: { readonly drawId: string; readonly data: object }[] = [];
  readonly #codes: string[] = [];
  #now: Instant;
  #count = 0;

  constructor(payer: string, chance: Chance, options: StreamOptions) {
    this.#payer = payer;
    this.#chance = chance;
    this.#punctual = options.punctual === true;
    this.#unanswered = options.unanswered === true;
    this.#shared = options.shared === true;
    this.#now = START + chance.below(10 * MINUTE_MS);
    const answers = this.#unanswered ? 0 : 1;
    this.#moves = [
      [8, () => this.#transfer()],
      [5, () => this.#session()],
      [3, () => this.#drawRequested()],
      [2, () => this.#drawPaid()],
      [1, () => this.#repaid()],
      [2, () => this.#code()],
      [1, () => this.#line()],
      [1, () => this.#savings()],
      [1, () => this.#profile()],
      [1, () => this.#ordered()],
      [1, () => this.#received()],
      [2 * answers, () => this.#outcome()],
      [2 * answers, () => this.#answer()],
      [answers, () => this.#acknowledged()],
      [answers, () => this.#lifted()],
      [answers, () => this.#matched()],
    ];
  }

  next(): void {
    this.#now += this.#below(5) === 0 ? this.#below(20 * MINUTE_MS) : this.#below(90 * SECOND_MS);
    this.#now += this.#punctual ? 6 * SECOND_MS : 0;
    this.#chance.pick(this.#moves, ([weight]) => weight)?.[1]();
  }

  #below(count: number): number {
    return this.#chance.below(count);
  }

  #one<T>(choices: readonly T[]): T | undefined {
    return this.#chance.pick(choices, () => 1);
  }

  #event(kind: EventKind, data: object): SentEvent {
    this.#count += 1;
    return {
      specversion: '1.0',
      id: `${this.#payer}-${this.#count}`,
      source: STREAM_SOURCE,
      type: eventType(kind),
      time: new Date(this.#now).toISOString(),
      data: { payer: { accountId: this.#payer, sessionId: `${this.#payer}-session` }, ...data },
    };
  }

  /** On its way: mostly at once, sometimes late, twice, or as a structured event. */
  #send(kind: EventKind, data: object): SentEvent {
    const event = this.#event(kind, data);
    // Where nothing else disturbs the order, much of it comes late.
    const late = !this.#punctual && this.#below(this.#unanswered ? 4 : 12) === 0;
    const at = this.#now + (late ? this.#below(15 * MINUTE_MS) : 0);
    this.arrivals.push(
      this.#below(10) === 0 ? structuredArrivalOf(event, at) : arrivalOf(event, at),
    );
    if (this.#below(15) === 0)
      this.arrivals.push(arrivalOf(event, at + this.#below(5 * MINUTE_MS)));
    return event;
  }

  #transfer(): void {
    const transferId = `${this.#payer}-t${this.#transfers.length + 1}`;
    this.#transfers.push(transferId);
    const code = this.#one(this.#codes);
    const value = code !== undefined && this.#below(2) === 0 ? `${code}.00` : this.#one(YUAN);
    const event = this.#send('transfer.requested', {
      transferId,
      payee: this.#payee(),
      amount: { currency: 'CNY', value },
      amountInput: { raw: this.#below(4) === 0 ? `0${value}` : value, mode: 'typed' },
      fundingSource: this.#one(['balance', 'yuebao', 'bank_card']),
      ...(this.#below(4) === 0 ? { remark: '解冻保证金' } : {}),
      ...(this.#below(3) === 0 ? { decideBy: new Date(this.#now + 2_000).toISOString() } : {}),
      profile: { liquidBefore: { currency: 'CNY', value: '8000.00' } },
    });
    if (this.#below(12) === 0) this.#again(event);
    if (this.#below(8) === 0) this.#spoilt(event);
  }

  #payee(): object {
    const mine = (name: string): string => `${this.#payer}-${name}`;
    if (this.#shared && this.#below(3) === 0) {
      const accountId = this.#below(2) === 0 ? 'mule' : 'payer-1';
      const paidCount = this.#below(5) === 0 ? 3 : 0;
      return { accountId, kind: 'wallet', ownership: 'other', paidCount };
    }
    return this.#one([
      { accountId: mine('mule'), kind: 'bank_card', ownership: 'other', paidCount: 0 },
      { accountId: mine('mule-2'), kind: 'wallet', ownership: 'other', paidCount: 0 },
      { accountId: mine('friend'), kind: 'wallet', ownership: 'other', paidCount: 12 },
      { accountId: mine('shop'), kind: 'merchant', ownership: 'other', refundable: true },
      { accountId: mine('own'), kind: 'bank_card', ownership: 'own' },
    ]) as object;
  }

  /** The same request under another event id, or another request under the same identity. */
  #again(event: SentEvent): void {
    const data = this.#below(2) === 0 ? {} : { amount: { currency: 'CNY', value: '1.00' } };
    const copy = { ...event, id: `${event.id}-again`, data: { ...event.data, ...data } };
    this.arrivals.push(arrivalOf(copy, this.#now + this.#below(3 * MINUTE_MS)));
  }

  /** Another request that cannot be taken, in one of the many ways. */
  #spoilt({ data, ...event }: SentEvent): void {
    const transferId = `${String(data['transferId'])}-spoilt`;
    const request = { ...event, id: `${event.id}-spoilt`, data: { ...data, transferId } };
    const at = this.#now + this.#below(2 * SECOND_MS);
    const good = arrivalOf(request, at);
    const spoilt = this.#one<Partial<Arrival>>([
      { value: JSON.stringify({ ...request.data, amount: 6919 }) },
      { value: JSON.stringify({ ...request.data, amount: { currency: 'XYZ', value: '1.00' } }) },
      { value: JSON.stringify({ ...request.data, payee: undefined }) },
      { value: JSON.stringify({ ...request.data, remark: 'x'.repeat(70_000) }) },
      { value: '{"transferId":' },
      { value: null },
      { misroutedBy: 1 },
      {
        headers: { ...good.headers, ce_type: eventType('transfer.requested').replace('v1', 'v2') },
      },
      { topic: 'identity.codes' },
    ]);
    this.arrivals.push({ ...good, ...spoilt });
  }

  #session(): void {
    const signal = this.#one(SIGNALS) ?? 'login';
    this.#send('session.observed', {
      signal,
      ...(CALLS.has(signal) ? { detail: { caller: 'unsaved' } } : {}),
    });
  }

  #drawRequested(): void {
    const [lender, product] = this.#one(LENDERS) ?? LENDERS[0];
    const drawId = `${this.#payer}-d${this.#draws.length + 1}`;
    const amount = { currency: 'CNY', value: this.#one(YUAN) };
    const data = { drawId, lender, product, amount, limit: { currency: 'CNY', value: '50000.50' } };
    this.#draws.push({ drawId, data });
    const firstDraw = this.#below(2) === 0;
    this.#send('credit.draw-requested', { ...data, disburseTo: 'balance', firstDraw });
  }

  #drawPaid(): void {
    const draw = this.#one(this.#draws);
    if (draw === undefined) return this.#drawRequested();
    const kind =
      !this.#unanswered && this.#below(4) === 0 ? 'credit.draw-cancelled' : 'credit.drawn';
    this.#send(kind, draw.data);
  }

  #repaid(): void {
    const [lender, product] = this.#one(LENDERS) ?? LENDERS[0];
    const amount = { currency: 'CNY', value: this.#one(YUAN) };
    this.#send('credit.repaid', { lender, product, amount });
  }

  #code(): void {
    const code = String(1_000 + this.#below(999_000));
    const codeId = `${this.#payer}-c${this.#codes.length + 1}`;
    this.#codes.push(code);
    this.#send('code.observed', {
      codeId,
      origin: 'sms',
      digits: code.length,
      keyId: 'default',
      digests: digestCode({ codeId, code, key: STREAM_CODE_KEY }),
      expiresAt: new Date(this.#now + 5 * MINUTE_MS).toISOString(),
    });
  }

  #line(): void {
    const [lender, product] = this.#one(LENDERS) ?? LENDERS[0];
    const kind = this.#below(2) === 0 ? 'credit.line-opened' : 'credit.limit-viewed';
    this.#send(kind, { lender, product, limit: { currency: 'CNY', value: '50000.50' } });
  }

  #savings(): void {
    const amount = { currency: 'CNY', value: '8000.00' };
    this.#send('savings.redeemed', { product: 'yuebao', amount, share: '1.00' });
  }

  #profile(): void {
    const locale = this.#below(2) === 0 ? 'en' : 'zh-CN';
    this.#send('payer.updated', { locale, contactRefs: { app: `${this.#payer}-app` } });
  }

  #ordered(): void {
    const amount = { currency: 'CNY', value: '300.00' };
    this.#send('merchant.ordered', { amount, merchant: { accountId: `${this.#payer}-shop` } });
  }

  #received(): void {
    const friend = this.#shared && this.#below(2) === 0 ? 'friend-2' : 'friend';
    const from = { accountId: `${this.#payer}-${friend}`, kind: 'wallet', ownership: 'other' };
    this.#send('funds.received', { amount: { currency: 'CNY', value: '5000.00' }, from });
  }

  #outcome(): void {
    const transferId = this.#one(this.#transfers);
    if (transferId === undefined) return;
    const kind = this.#one(['transfer.settled', 'transfer.failed', 'transfer.cancelled'] as const);
    if (kind === undefined) return;
    const reason = kind === 'transfer.failed' ? { reason: 'payee_rejected' } : {};
    this.#send(kind, { transferId, ...reason });
  }

  /** The hold that a transfer would have, whether it has one or not. */
  #holdId(): string {
    const id = this.#one(this.#transfers) ?? `${this.#payer}-t0`;
    return holdIdOf({ source: STREAM_SOURCE, kind: 'transfer', id }, NODE_HASHING.sha1);
  }

  #answer(): void {
    const payer = { accountId: this.#payer, sessionId: `${this.#payer}-session-${this.#count}` };
    this.#send('payer.responded', { payer, holdId: this.#holdId(), answer: this.#one(ANSWERS) });
  }

  #acknowledged(): void {
    const orderSequence = 1 + this.#below(3);
    const word = { order: 'hold', result: 'done' };
    this.#send('hold.acknowledged', { holdId: this.#holdId(), orderSequence, ...word });
  }

  #lifted(): void {
    this.#send('instruction.received', {
      holdId: this.#holdId(),
      authority: 'police',
      reference: `case-${this.#count}`,
      instruction: this.#one(['lift', 'stop']),
      validUntil: new Date(this.#now + 60 * MINUTE_MS).toISOString(),
    });
  }

  #matched(): void {
    const transferId = this.#one(this.#transfers);
    if (transferId === undefined) return;
    const match = { codeId: `${this.#payer}-c1`, digits: 6, form: 'full', as: 'yuan' };
    this.#send('code.matched', { transferId, ...match });
  }
}
