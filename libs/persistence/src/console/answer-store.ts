/** Answers by idempotency key, in PostgreSQL. */
import type { AnswerStore } from '#application';
import { integer } from '../integers.ts';
import type { Statement, Transactions } from '../transactions.ts';

const BEGIN: Statement = {
  name: 'answers.begin',
  text: `INSERT INTO console_answers (caller, key, fingerprint, begun_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (caller, key) DO NOTHING`,
};
const FIND: Statement = {
  name: 'answers.find',
  text: 'SELECT fingerprint, begun_at, status, body FROM console_answers WHERE caller = $1 AND key = $2',
};
const TAKE_OVER: Statement = {
  name: 'answers.take_over',
  text: `UPDATE console_answers SET begun_at = $4
    WHERE caller = $1 AND key = $2 AND status IS NULL AND begun_at < $3`,
};
const KEEP: Statement = {
  name: 'answers.keep',
  text: 'UPDATE console_answers SET status = $3, body = $4 WHERE caller = $1 AND key = $2',
};
const FORGET: Statement = {
  name: 'answers.forget',
  text: 'DELETE FROM console_answers WHERE caller = $1 AND key = $2',
};
const SWEEP: Statement = {
  name: 'answers.sweep',
  text: 'DELETE FROM console_answers WHERE begun_at < $1',
};

interface AnswerRow {
  readonly fingerprint: string;
  readonly begun_at: string;
  readonly status: number | null;
  readonly body: string | null;
}

export function makeAnswerStore(transactions: Transactions): AnswerStore {
  return {
    async begin(caller, key, fingerprint, at) {
      const { count } = await transactions.query(BEGIN, [caller, key, fingerprint, at]);
      if (count === 1) return undefined;
      const { rows } = await transactions.query<AnswerRow>(FIND, [caller, key]);
      const [row] = rows;
      // Forgotten between the two statements: for the caller that is as if it were still being worked on.
      if (row === undefined) return { fingerprint, begunAt: at };
      const { status, body } = row;
      return {
        fingerprint: row.fingerprint,
        begunAt: integer(row.begun_at),
        ...(status === null ? {} : { answer: { status, body: body ?? '' } }),
      };
    },
    async takeOver(caller, key, before, at) {
      return (await transactions.query(TAKE_OVER, [caller, key, before, at])).count === 1;
    },
    async keep(caller, key, { status, body }) {
      await transactions.query(KEEP, [caller, key, status, body]);
    },
    async forget(caller, key) {
      await transactions.query(FORGET, [caller, key]);
    },
    async sweep(before) {
      return (await transactions.query(SWEEP, [before])).count;
    },
  };
}
