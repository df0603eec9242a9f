/** Links, sessions and answers of the payer page. */
import type { GivenAnswer, PageSession, PayerStore } from '#application';
import type { Locale, PayerAnswer } from '#domain';
import type { QueryResultRow } from 'pg';
import { integer } from './integers.ts';
import type { Transactions } from './transactions.ts';

const SAVE = {
  name: 'payer_links.save',
  text: `INSERT INTO payer_links (token_hash, hold_id, payer_id, purpose, platform_session, locale, minted_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
};

const SESSION_COLUMNS = `session_hash, hold_id, payer_id, purpose, platform_session, locale`;

// The second of two who spend at once waits for the first one's row and then finds it spent.
const SPEND = {
  name: 'payer_links.spend',
  text: `UPDATE payer_links SET session_hash = $2, session_ends_at = $4
    WHERE token_hash = $1 AND session_hash IS NULL AND expires_at > $3
    RETURNING ${SESSION_COLUMNS}`,
};

const SESSION = {
  name: 'payer_links.session',
  text: `SELECT ${SESSION_COLUMNS} FROM payer_links
    WHERE session_hash = $1 AND session_ends_at > $2`,
};

const NOTE_ANSWER = {
  name: 'payer_answers.note',
  text: `INSERT INTO payer_answers AS known (session_hash, answer, at) VALUES ($1, $2, $3)
    ON CONFLICT (session_hash, answer) DO UPDATE SET at = excluded.at
    WHERE known.at + $4::bigint <= excluded.at`,
};

const ANSWERS = {
  name: 'payer_answers.all',
  text: `SELECT answer, at FROM payer_answers WHERE session_hash = $1 ORDER BY at, answer`,
};

const LOCALE = {
  name: 'profiles.locale',
  text: `SELECT data::json ->> 'locale' AS locale FROM profiles WHERE payer_id = $1`,
};

interface SessionRow extends QueryResultRow {
  readonly session_hash: string;
  readonly hold_id: string;
  readonly payer_id: string;
  readonly purpose: PageSession['purpose'];
  readonly platform_session: string | null;
  readonly locale: Locale;
}

function sessionOf(row: SessionRow): PageSession {
  return {
    sessionHash: row.session_hash,
    holdId: row.hold_id,
    payerId: row.payer_id,
    purpose: row.purpose,
    ...(row.platform_session === null ? {} : { platformSession: row.platform_session }),
    locale: row.locale,
  };
}

export function makePayerStore(transactions: Transactions): PayerStore {
  return {
    async saveLink(tx, link) {
      await transactions
        .open(tx)
        .query(SAVE, [
          link.tokenHash,
          link.holdId,
          link.payerId,
          link.purpose,
          link.platformSession ?? null,
          link.locale,
          link.mintedAt,
          link.expiresAt,
        ]);
    },
    async spendLink(tx, { tokenHash, sessionHash, now, endsAt }) {
      const values = [tokenHash, sessionHash, now, endsAt];
      const { rows } = await transactions.open(tx).query<SessionRow>(SPEND, values);
      return rows[0] === undefined ? undefined : sessionOf(rows[0]);
    },
    async session(sessionHash, now) {
      const { rows } = await transactions.query<SessionRow>(SESSION, [sessionHash, now]);
      return rows[0] === undefined ? undefined : sessionOf(rows[0]);
    },
    async noteAnswer(tx, { sessionHash, answer, at, againMs }) {
      const values = [sessionHash, answer, at, againMs];
      const { count } = await transactions.open(tx).query(NOTE_ANSWER, values);
      return count > 0;
    },
    async answers(sessionHash) {
      const { rows } = await transactions.query<{ answer: PayerAnswer; at: string }>(ANSWERS, [
        sessionHash,
      ]);
      return rows.map(({ answer, at }): GivenAnswer => ({ answer, at: integer(at) }));
    },
    async localeOf(payerId) {
      const { rows } = await transactions.query<{ locale: string | null }>(LOCALE, [payerId]);
      return rows[0]?.locale ?? undefined;
    },
  };
}
