/** Links to the payer page, the sessions they open and what was answered in them: hashes of secrets only, gone after a day. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

const STATEMENTS: readonly string[] = [
  // A link and the session that it opens are one row: it can be spent once.
  `CREATE TABLE payer_links (
    token_hash text COLLATE "C" PRIMARY KEY,
    hold_id text COLLATE "C" NOT NULL,
    payer_id text COLLATE "C" NOT NULL,
    purpose text NOT NULL CHECK (purpose IN ('stop', 'reconfirm')),
    platform_session text,
    locale text NOT NULL CHECK (locale IN ('zh-CN', 'en')),
    minted_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    session_hash text COLLATE "C" UNIQUE,
    session_ends_at bigint,
    CONSTRAINT payer_links_short CHECK (expires_at BETWEEN minted_at AND minted_at + 900000),
    CONSTRAINT payer_links_vouched CHECK (purpose = 'stop' OR platform_session IS NOT NULL),
    CONSTRAINT payer_links_spent CHECK ((session_hash IS NULL) = (session_ends_at IS NULL))
  )`,
  `CREATE INDEX payer_links_age ON payer_links (minted_at)`,
  `CREATE TABLE payer_answers (
    session_hash text COLLATE "C" NOT NULL
      REFERENCES payer_links (session_hash) ON DELETE CASCADE,
    answer text NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (session_hash, answer)
  )`,
];

export class PayerPage1763940000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE payer_answers');
    await runner.query('DROP TABLE payer_links');
  }
}
