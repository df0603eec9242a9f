/** Play money in fen: what everybody has, owes and has set aside. No account goes below zero, and no fen is made or lost but by lending. */

export interface Balances {
  /** Free to spend, borrowed money included. */
  readonly free: number;
  /** Set aside for transfers that wait. */
  readonly reserved: number;
  /** Borrowed and not repaid. */
  readonly debt: number;
}

interface Account {
  free: number;
  reserved: number;
  debt: number;
}

interface Reservation {
  readonly payerId: string;
  readonly payeeId: string;
  readonly minor: number;
}

export class Ledger {
  readonly #accounts = new Map<string, Account>();
  readonly #reservations = new Map<string, Reservation>();

  balances(accountId: string): Balances {
    return { ...this.#account(accountId) };
  }

  /** Own money from outside the play. */
  deposit(accountId: string, minor: number): void {
    this.#account(accountId).free += minor;
  }

  /** Sets money aside for a transfer; false, and nothing is changed, where there is not enough. */
  reserve(transferId: string, reservation: Reservation): boolean {
    const account = this.#account(reservation.payerId);
    if (account.free < reservation.minor) return false;
    account.free -= reservation.minor;
    account.reserved += reservation.minor;
    this.#reservations.set(transferId, reservation);
    return true;
  }

  /** The reserved money goes to the payee. */
  settle(transferId: string): void {
    const { payerId, payeeId, minor } = this.#take(transferId);
    this.#account(payerId).reserved -= minor;
    this.#account(payeeId).free += minor;
  }

  /** The reserved money is the payer's again. */
  undo(transferId: string): void {
    const { payerId, minor } = this.#take(transferId);
    const account = this.#account(payerId);
    account.reserved -= minor;
    account.free += minor;
  }

  /** The payee's bank sends the money back; false where the payee has it no more. */
  giveBack({ payerId, payeeId, minor }: Reservation): boolean {
    const payee = this.#account(payeeId);
    if (payee.free < minor) return false;
    payee.free -= minor;
    this.#account(payerId).free += minor;
    return true;
  }

  lend(accountId: string, minor: number): void {
    const account = this.#account(accountId);
    account.free += minor;
    account.debt += minor;
  }

  #account(accountId: string): Account {
    const known = this.#accounts.get(accountId);
    if (known !== undefined) return known;
    const opened = { free: 0, reserved: 0, debt: 0 };
    this.#accounts.set(accountId, opened);
    return opened;
  }

  #take(transferId: string): Reservation {
    const reservation = this.#reservations.get(transferId);
    if (reservation === undefined) throw new Error('nothing is reserved for this transfer');
    this.#reservations.delete(transferId);
    return reservation;
  }
}
