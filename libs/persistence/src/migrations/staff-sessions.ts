/** Staff, their sessions, logins under way, and what was answered to which idempotency key. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

const STATEMENTS: readonly string[] = [
  `CREATE TABLE staff (
    user_id text COLLATE "C" PRIMARY KEY,
    name text NOT NULL,
    roles text[] NOT NULL,
    last_login_at bigint NOT NULL
  )`,
  `CREATE TABLE staff_sessions (
    hash text COLLATE "C" PRIMARY KEY CHECK (length(hash) = 64),
    user_id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    roles text[] NOT NULL,
    csrf_token text NOT NULL,
    started_at bigint NOT NULL,
    used_at bigint NOT NULL,
    ends_at bigint NOT NULL
  )`,
  `CREATE INDEX staff_sessions_end ON staff_sessions (ends_at)`,
  `CREATE TABLE staff_logins (
    hash text COLLATE "C" PRIMARY KEY CHECK (length(hash) = 64),
    state text NOT NULL,
    nonce text NOT NULL,
    code_verifier text NOT NULL,
    next text NOT NULL,
    ends_at bigint NOT NULL
  )`,
  `CREATE INDEX staff_logins_end ON staff_logins (ends_at)`,
  `CREATE TABLE console_answers (
    caller text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    fingerprint text NOT NULL,
    begun_at bigint NOT NULL,
    status integer,
    body text,
    PRIMARY KEY (caller, key)
  )`,
  `CREATE INDEX console_answers_age ON console_answers (begun_at)`,
];

const TABLES = ['console_answers', 'staff_logins', 'staff_sessions', 'staff'];

export class StaffSessions1763960000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(`DROP TABLE ${table}`);
  }
}
