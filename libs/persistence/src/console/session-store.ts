/** Sessions and logins in PostgreSQL, so that any number of consoles share them. */
import type { LoginAttempt, SessionStore, StaffMember, StaffSession } from '#application';
import { integer } from '../integers.ts';
import type { Statement, Transactions } from '../transactions.ts';

const BEGIN_LOGIN: Statement = {
  name: 'sessions.begin_login',
  text: `INSERT INTO staff_logins (hash, state, nonce, code_verifier, next, ends_at)
    VALUES ($1, $2, $3, $4, $5, $6)`,
};
const TAKE_LOGIN: Statement = {
  name: 'sessions.take_login',
  text: `DELETE FROM staff_logins WHERE hash = $1
    RETURNING state, nonce, code_verifier, next, ends_at`,
};
const KEEP_MEMBER: Statement = {
  name: 'sessions.keep_member',
  text: `INSERT INTO staff (user_id, name, roles, last_login_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (user_id) DO UPDATE SET
      name = excluded.name, roles = excluded.roles, last_login_at = excluded.last_login_at`,
};
const BEGIN: Statement = {
  name: 'sessions.begin',
  text: `INSERT INTO staff_sessions (hash, user_id, name, roles, csrf_token, started_at, used_at, ends_at)
    VALUES ($1, $2, $3, $4, $5, $6, $6, $7)`,
};
const FIND: Statement = {
  name: 'sessions.find',
  text: `SELECT user_id, name, roles, csrf_token, started_at, ends_at, used_at FROM staff_sessions
    WHERE hash = $1 AND ends_at > $2 AND used_at > $2 - $3::bigint`,
};
// Once a minute is enough to know that somebody is there, and keeps reads from becoming writes.
const TOUCH: Statement = {
  name: 'sessions.touch',
  text: `UPDATE staff_sessions SET used_at = $2 WHERE hash = $1 AND used_at < $2 - 60000`,
};
const END: Statement = {
  name: 'sessions.end',
  text: 'DELETE FROM staff_sessions WHERE hash = $1',
};
const STAFF: Statement = {
  name: 'sessions.staff',
  text: 'SELECT user_id, name, roles FROM staff ORDER BY name, user_id LIMIT 1000',
};
const SWEEP: Statement = {
  name: 'sessions.sweep',
  text: `WITH gone AS (DELETE FROM staff_logins WHERE ends_at <= $1 RETURNING 1),
      ended AS (DELETE FROM staff_sessions WHERE ends_at <= $1 RETURNING 1)
    SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM ended) AS count`,
};

interface MemberRow {
  readonly user_id: string;
  readonly name: string;
  readonly roles: readonly string[];
}

interface SessionRow extends MemberRow {
  readonly csrf_token: string;
  readonly started_at: string;
  readonly ends_at: string;
  readonly used_at: string;
}

interface LoginRow {
  readonly state: string;
  readonly nonce: string;
  readonly code_verifier: string;
  readonly next: string;
  readonly ends_at: string;
}

function memberOf(row: MemberRow): StaffMember {
  return { userId: row.user_id, name: row.name, roles: row.roles };
}

export function makeSessionStore(transactions: Transactions): SessionStore {
  return {
    async beginLogin(hash, { state, nonce, codeVerifier, next, endsAt }) {
      await transactions.query(BEGIN_LOGIN, [hash, state, nonce, codeVerifier, next, endsAt]);
    },
    async takeLogin(hash, now): Promise<LoginAttempt | undefined> {
      const { rows } = await transactions.query<LoginRow>(TAKE_LOGIN, [hash]);
      const [row] = rows;
      if (row === undefined || integer(row.ends_at) <= now) return undefined;
      const { state, nonce, next } = row;
      return { state, nonce, next, codeVerifier: row.code_verifier, endsAt: integer(row.ends_at) };
    },
    begin: (hash, session) =>
      transactions.run(async (tx) => {
        const open = transactions.open(tx);
        const { userId, name, roles, csrfToken, startedAt, endsAt } = session;
        await Promise.all([
          open.query(KEEP_MEMBER, [userId, name, roles, startedAt]),
          open.query(BEGIN, [hash, userId, name, roles, csrfToken, startedAt, endsAt]),
        ]);
      }),
    async find(hash, now, idleMs): Promise<StaffSession | undefined> {
      const { rows } = await transactions.query<SessionRow>(FIND, [hash, now, idleMs]);
      const [row] = rows;
      if (row === undefined) return undefined;
      if (integer(row.used_at) < now - 60_000) await transactions.query(TOUCH, [hash, now]);
      return {
        ...memberOf(row),
        csrfToken: row.csrf_token,
        startedAt: integer(row.started_at),
        endsAt: integer(row.ends_at),
      };
    },
    async end(hash) {
      await transactions.query(END, [hash]);
    },
    async staff() {
      const { rows } = await transactions.query<MemberRow>(STAFF, []);
      return rows.map(memberOf);
    },
    async sweep(now) {
      const { rows } = await transactions.query<{ count: string }>(SWEEP, [now]);
      return integer(rows[0]?.count ?? 0);
    },
  };
}
