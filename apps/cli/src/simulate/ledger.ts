/** A person's money, in fen: what the platform holds, what the bank holds, and how much of it is borrowed. Never negative. */

export type Pocket = 'balance' | 'savings' | 'bank';

export class Ledger {
  #balance = 0;
  #savings = 0;
  #bank = 0;
  /** Part of the balance that came from a loan and has not been spent. */
  #borrowed = 0;

  get balance(): number {
    return this.#balance;
  }

  get savings(): number {
    return this.#savings;
  }

  get bank(): number {
    return this.#bank;
  }

  /** `profile.liquidBefore` of the contract: balance and savings without borrowed money. */
  get ownMoney(): number {
    return this.#balance + this.#savings - this.#borrowed;
  }

  in(pocket: Pocket): number {
    return pocket === 'balance' ? this.#balance : pocket === 'savings' ? this.#savings : this.#bank;
  }

  /** Throws `RangeError` for less than nothing. */
  receive(pocket: Pocket, fen: number): void {
    if (fen < 0) throw new RangeError('what is received is not negative');
    this.#change(pocket, fen);
  }

  /** A loan paid out to the balance. */
  borrow(fen: number): void {
    this.receive('balance', fen);
    this.#borrowed += fen;
  }

  /** Takes money out; loans leave the balance first where `loanFirst`, else last. Throws `RangeError` where it is not there. */
  spend(pocket: Pocket, fen: number, loanFirst = false): void {
    if (fen < 0) throw new RangeError('what is spent is not negative');
    if (fen > this.in(pocket)) throw new RangeError(`there is not that much in the ${pocket}`);
    if (pocket === 'balance') {
      const own = this.#balance - this.#borrowed;
      const ofLoan = loanFirst ? Math.min(fen, this.#borrowed) : Math.max(0, fen - own);
      this.#borrowed -= ofLoan;
    }
    this.#change(pocket, -fen);
  }

  move(from: Pocket, to: Pocket, fen: number): void {
    this.spend(from, fen);
    this.#change(to, fen);
  }

  #change(pocket: Pocket, fen: number): void {
    if (!Number.isSafeInteger(fen)) throw new RangeError('money is a whole number of fen');
    const after = this.in(pocket) + fen;
    if (after < 0) throw new RangeError(`the ${pocket} would be negative`);
    if (pocket === 'balance') this.#balance = after;
    else if (pocket === 'savings') this.#savings = after;
    else this.#bank = after;
  }
}
