/** Deletes what may not be kept longer than its window, a bounded number of rows at a time. */
import { DAY_MS, HABITS_KEPT_MS, type Instant } from '#domain';
import { CLASS_NUMBER } from './evidence.ts';
import type { Statement, Transactions } from './transactions.ts';

/** How long evidence is kept, in milliseconds of event time before now. */
export interface Retention {
  /** `code.observed` and `code.matched`: digests must be gone when the window ends (CONTRACT, Codes). */
  readonly codesMs: number;
  /** Everything else but orders, and the payee activity of PY3. */
  readonly evidenceMs: number;
  /** `merchant.ordered` (SCORING CO3); 7 days unless given. */
  readonly ordersMs?: number;
}

/** How many rows are gone. A number as high as `ERASE_MAX` says that there may be more: call again. */
export interface Erased {
  readonly codes: number;
  readonly evidence: number;
  readonly payeeActivity: number;
  /** Payers whose last loan was a year ago. */
  readonly habits: number;
}

const ROWS_PER_TRANSACTION = 5_000;
/** At most so many rows of one sort per call. */
export const ERASE_MAX = 20 * ROWS_PER_TRANSACTION;

const ERASE_EVIDENCE: Statement = {
  name: 'erase.evidence',
  text: `DELETE FROM evidence WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM evidence WHERE class = $1 AND occurred_at < $2
    ORDER BY occurred_at LIMIT ${ROWS_PER_TRANSACTION}))`,
};
const ERASE_ACTIVITY: Statement = {
  name: 'erase.payee_activity',
  text: `DELETE FROM payee_activity WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM payee_activity WHERE at < $1
    ORDER BY at LIMIT ${ROWS_PER_TRANSACTION}))`,
};
/** Links are over within the hour; a day keeps what was answered where operations can still ask about it. */
const ERASE_LINKS: Statement = {
  name: 'erase.payer_links',
  text: `DELETE FROM payer_links WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM payer_links WHERE minted_at < $1
    ORDER BY minted_at LIMIT ${ROWS_PER_TRANSACTION}))`,
};

const ERASE_HABITS: Statement = {
  name: 'erase.habits',
  text: `DELETE FROM payer_habits WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM payer_habits WHERE known_at < $1
    ORDER BY known_at LIMIT ${ROWS_PER_TRANSACTION}))`,
};

/** Whom staff vouched for is kept as long as something may be assessed by it; the journal has the commitments. */
const ERASE_QUIETS: Statement = {
  name: 'erase.payee_quiets',
  text: `DELETE FROM payee_quiets WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM payee_quiets WHERE until_at < $1
    ORDER BY until_at LIMIT ${ROWS_PER_TRANSACTION}))`,
};

/** Deletes codes, other evidence, payee activity, habits and ended quietings older than their retention. Safe to run from several processes. */
export async function eraseExpired(
  transactions: Transactions,
  now: Instant,
  { codesMs, evidenceMs, ordersMs = 7 * DAY_MS }: Retention,
): Promise<Erased> {
  const evidence = async (kind: keyof typeof CLASS_NUMBER, keptMs: number): Promise<number> =>
    eraseAll(transactions, ERASE_EVIDENCE, [CLASS_NUMBER[kind], now - keptMs]);
  const codes = await evidence('code', codesMs);
  const lasting = await evidence('lasting', evidenceMs);
  const ordinary = await evidence('ordinary', evidenceMs);
  const orders = await evidence('order', ordersMs);
  const payeeActivity = await eraseAll(transactions, ERASE_ACTIVITY, [now - evidenceMs]);
  await eraseAll(transactions, ERASE_LINKS, [now - DAY_MS]);
  const habits = await eraseAll(transactions, ERASE_HABITS, [now - HABITS_KEPT_MS]);
  await eraseAll(transactions, ERASE_QUIETS, [now - evidenceMs]);
  return { codes, evidence: lasting + ordinary + orders, payeeActivity, habits };
}

async function eraseAll(
  transactions: Transactions,
  statement: Statement,
  values: readonly number[],
): Promise<number> {
  let erased = 0;
  while (erased < ERASE_MAX) {
    const { count } = await transactions.query(statement, values);
    erased += count;
    if (count < ROWS_PER_TRANSACTION) break;
  }
  return erased;
}
