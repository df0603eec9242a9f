/** One victim and one script: what the caller can make somebody do, and how people doubt, stop, or are stopped. */
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain';
import { borrow, type Loan } from '../borrowing.ts';
import type { Chance } from '../chance.ts';
import type { Pocket } from '../ledger.ts';
import { pay, redeem, type Payment, type PaymentResult } from '../paying.ts';
import type { Call, Payee, Person } from '../person.ts';
import { endCall, shareScreen, startCall, stopSharing, useApp } from '../phone.ts';
import type { Process } from '../schedule.ts';
import type { LenderProduct } from '../town.ts';
import type { CodeOrigin, World } from '../world.ts';
import type { Evasion } from './evasions.ts';
import { passOn, type Mules } from './mules.ts';

/** Before each payment, where nothing else happens: gives up, or somebody at home says what this is [A]. */
const GIVES_UP = 0.05;
const WARNED_OFF = 0.04;

export interface Sending {
  readonly fen: number;
  readonly pocket?: Pocket;
  readonly raw?: string;
  readonly remark?: string;
  readonly loanFirst?: boolean;
  readonly mode?: NonNullable<Payment['mode']>;
  readonly ends?: NonNullable<Payment['ends']>;
  /** Otherwise the mule of this episode, or a new one where that is the evasion. */
  readonly payee?: Payee;
  /** A test or a part: no further test, no split, no pause. */
  readonly plain?: true;
}

export interface EpisodeParts {
  readonly id: string;
  readonly script: string;
  readonly world: World;
  readonly victim: Person;
  readonly mules: Mules;
  readonly evasions: readonly Evasion[];
  readonly chance: Chance;
}

export class Episode {
  readonly id: string;
  readonly script: string;
  readonly world: World;
  readonly victim: Person;
  readonly chance: Chance;
  readonly evasions: readonly Evasion[];
  readonly #mules: Mules;
  #mule: Payee | undefined;
  #call: Call | undefined;
  #tested = false;

  constructor({ id, script, world, victim, mules, evasions, chance }: EpisodeParts) {
    this.id = id;
    this.script = script;
    this.world = world;
    this.victim = victim;
    this.chance = chance;
    this.evasions = evasions;
    this.#mules = mules;
  }

  has(evasion: Evasion): boolean {
    return this.evasions.includes(evasion);
  }

  minutes(low: number, high: number): number {
    return Math.round(this.chance.real(low, high) * MINUTE_MS);
  }

  hours(low: number, high: number): number {
    return Math.round(this.chance.real(low, high) * HOUR_MS);
  }

  /** The fraudster rings; whoever the victim was talking to is hung up on. */
  ring(): void {
    endCall(this.world, this.victim, this.victim.call);
    this.#call = startCall(this.world, this.victim, 'unsaved');
  }

  hangUp(): void {
    endCall(this.world, this.victim, this.#call);
    this.#call = undefined;
  }

  shareScreen(): void {
    useApp(this.world, this.victim);
    shareScreen(this.world, this.victim);
  }

  stopSharing(): void {
    stopSharing(this.world, this.victim);
  }

  signal(signal: string, detail?: object): void {
    useApp(this.world, this.victim);
    this.world.signal(this.victim, signal, detail);
  }

  observeCode(origin: CodeOrigin, code: string): void {
    this.world.observeCode(this.victim, origin, code);
  }

  /** Everything that the victim could still send, in fen. */
  means(): number {
    const { balance, savings, bank } = this.victim.ledger;
    return balance + savings + bank;
  }

  /** A round part of a sum, as callers ask for it. */
  round(fen: number): number {
    const step = fen >= 1_000_000 ? 100_000 : fen >= 100_000 ? 10_000 : 1_000;
    return Math.max(step, Math.floor(fen / step) * step);
  }

  /**
   * Sends money to whom the caller says. False when this was the end of it: the victim gave up, was warned off, or could not.
   * Splits, tests, pauses and remarks follow the evasions of this episode.
   */
  *send(sending: Sending): Process<boolean> {
    if (this.#ends()) return false;
    if (sending.plain !== true) {
      if (this.has('test-first') && !this.#tested && !(yield* this.#test())) return false;
      yield* this.#pauses();
    }
    yield* this.#hesitates();
    if (this.has('hang-up')) this.hangUp();
    const parts = sending.plain === true ? [sending.fen] : this.#parts(sending.fen);
    const viaCard = this.has('via-own-card') && sending.plain !== true && sending.raw === undefined;
    for (const [index, fen] of parts.entries()) {
      if (index > 0) {
        yield this.minutes(0.5, 12);
        if (this.#ends()) return false;
      }
      const pocket = viaCard ? yield* this.#toOwnCard(fen, sending) : sending.pocket;
      const { raw, ...rest } = sending;
      const typed = parts.length === 1 && raw !== undefined ? { raw } : {};
      const result = yield* this.#pay({
        ...rest,
        ...typed,
        fen,
        ...(pocket === undefined ? {} : { pocket }),
      });
      const refused = result !== 'settled' && sending.ends === undefined;
      if (refused && this.chance.happens(0.25)) return false;
    }
    if (this.chance.happens(0.3)) {
      yield this.minutes(0.2, 2);
      this.signal('balance_viewed');
    }
    return true;
  }

  /** Savings into the balance; returns how much, in fen. */
  *emptySavings(): Process<number> {
    const { victim } = this;
    const fen = redeem(this.world, victim, victim.ledger.savings);
    yield this.minutes(0.5, 4);
    return fen;
  }

  /** Borrows what the lender gives, or `share` of it. Returns what was paid out, in fen. */
  *borrow(product: LenderProduct, share = 1): Process<number> {
    if (this.#ends()) return 0;
    const line = this.victim.creditLines.find(
      (one) => one.lender === product.lender && one.product === product.product,
    );
    const part = line === undefined ? undefined : this.round((line.limit - line.used) * share);
    const loan: Loan = {
      product,
      to: this.has('via-own-card') && this.chance.happens(0.5) ? 'own_card' : 'balance',
      ...(part === undefined || share === 1 ? {} : { fen: part }),
      label: 'scam',
      script: this.script,
    };
    const fen = yield* borrow(this.world, this.victim, loan);
    if (fen > 0) yield this.minutes(0.5, 6);
    return fen;
  }

  /** Where the money of a loan lies now. */
  pocketWith(fen: number): Pocket {
    const { ledger } = this.victim;
    if (ledger.balance >= fen) return 'balance';
    if (ledger.bank >= fen) return 'bank';
    return ledger.savings >= fen ? 'savings' : 'balance';
  }

  /** Money from the fraudster: a "refund", a commission, a winning. */
  receive(fen: number): void {
    const accountId = this.world.nextName('x');
    this.world.receive(this.victim, fen, { accountId, kind: 'wallet', ownership: 'other' });
  }

  /** A friend lends without knowing for what; the loan is honest on the friend's side. */
  *askFriend(): Process<number> {
    const { friends, family } = this.victim;
    const known = [...family, ...friends].flatMap(({ payee }) => payee.receiver ?? []);
    if (known.length === 0) return 0;
    const friend = this.chance.pick(known);
    const { ledger } = friend;
    const fen = this.round(Math.min(this.chance.logNormal(300_000, 0.6), ledger.bank * 0.5));
    if (fen > ledger.bank) return 0;
    yield this.minutes(5, 40);
    const result = yield* pay(this.world, friend, {
      payee: this.victim.wallet,
      fen,
      script: 'life:lend-to-victim',
      pocket: 'bank',
    });
    return result === 'settled' ? fen : 0;
  }

  mule(): Payee {
    if (this.#mule === undefined || this.has('new-mule')) {
      this.#mule = this.#mules.next(this.has('new-mule'));
    }
    return this.#mule;
  }

  /** Another account, as when the first "does not work". */
  changeMule(): void {
    this.#mule = this.#mules.next(false);
  }

  #ends(): boolean {
    return this.chance.happens(GIVES_UP + WARNED_OFF);
  }

  *#test(): Process<boolean> {
    this.#tested = true;
    const fen = 100 * this.chance.pick([1, 1, 2, 5, 10, 20]);
    const bounced = this.chance.happens(0.4);
    const sent = yield* this.send({ fen, plain: true, ...(bounced ? { ends: 'returned' } : {}) });
    yield this.minutes(1, 8);
    return sent;
  }

  *#pauses(): Process {
    if (this.has('delay')) {
      this.hangUp();
      yield this.hours(1, 7);
    } else if (this.has('next-day')) {
      this.hangUp();
      yield this.hours(14, 26);
    }
  }

  *#hesitates(): Process {
    if (!this.chance.happens(0.35)) return;
    const what = this.chance.pick([
      'screenshot',
      'confirm_cancelled',
      'balance_viewed',
      'help_searched',
    ]);
    const times = what === 'screenshot' ? this.chance.between(2, 6) : 1;
    for (let i = 0; i < times; i += 1) {
      this.signal(what);
      yield this.chance.between(4, 40) * SECOND_MS;
    }
    if (this.chance.happens(0.25)) this.signal('warning_dismissed');
  }

  #parts(fen: number): number[] {
    if (!this.has('split') || fen < 60_000) return [fen];
    const count = this.chance.between(2, 5);
    const parts: number[] = [];
    let left = fen;
    for (let i = 1; i < count; i += 1) {
      const part = this.round((left / (count - i + 1)) * this.chance.real(0.7, 1.2));
      if (part >= left) break;
      parts.push(part);
      left -= part;
    }
    return [...parts, left];
  }

  /** First onto the victim's own card, then from there. */
  *#toOwnCard(fen: number, sending: Sending): Process<Pocket> {
    const { ledger } = this.victim;
    if (ledger.bank >= fen) return 'bank';
    const from = ledger.balance >= fen ? 'balance' : 'savings';
    if (ledger.in(from) < fen) return sending.pocket ?? 'balance';
    const payee = this.chance.pick(this.victim.ownCards);
    yield* this.#pay({
      fen,
      payee,
      pocket: from,
      ...(sending.loanFirst ? { loanFirst: true } : {}),
    });
    yield this.minutes(2, 30);
    return 'bank';
  }

  *#pay(sending: Sending): Process<PaymentResult> {
    const { plain: _plain, remark, payee = this.mule(), ...payment } = sending;
    const written = this.has('no-remark')
      ? undefined
      : this.has('other-remark')
        ? this.chance.pick(['货款', '生活费', '借款', '还款', '材料费', '礼物'])
        : remark;
    const whole: Payment = {
      ...payment,
      payee,
      script: this.script,
      scam: { episode: this.id, evasions: this.evasions },
      triesAnyway: true,
      ...(written === undefined ? {} : { remark: written }),
    };
    const result = yield* pay(this.world, this.victim, whole);
    const { receiver } = payee;
    if (result === 'settled' && receiver?.occupation === 'mule') {
      const { schedule } = this.world;
      schedule.start(this.world.now, passOn(this.world, receiver, payment.fen));
    }
    return result;
  }
}
