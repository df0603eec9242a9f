/** What a hold keeps of its profile, of its order on the way, and of money that has to be called back; how far answers were read. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

const STATEMENTS: readonly string[] = [
  `ALTER TABLE holds
    ADD COLUMN profile text NOT NULL DEFAULT 'CN',
    ADD COLUMN attempt integer NOT NULL DEFAULT 1,
    ADD COLUMN resend_at bigint,
    ADD COLUMN raised_at bigint,
    ADD COLUMN recall_at bigint,
    ADD COLUMN recall_reason text`,
  `ALTER TABLE holds ALTER COLUMN profile DROP DEFAULT, ALTER COLUMN attempt DROP DEFAULT`,
  `ALTER TABLE holds
    ADD CONSTRAINT holds_profile CHECK (profile IN ('CN', 'UK', 'SG', 'neutral')),
    ADD CONSTRAINT holds_attempt CHECK (attempt >= 1),
    ADD CONSTRAINT holds_recall CHECK ((recall_at IS NULL) = (recall_reason IS NULL)),
    ADD CONSTRAINT holds_profile_ceiling CHECK (
      ceiling_at - placed_at <= 3600000::bigint * CASE profile
        WHEN 'SG' THEN 24 WHEN 'UK' THEN 240 ELSE 72 END)`,
  // Only orders that wait for their acknowledgement, and what a person has to look at: both are few.
  `CREATE INDEX holds_resend ON holds (resend_at, hold_id) WHERE resend_at IS NOT NULL`,
  `CREATE INDEX holds_raised ON holds (raised_at, hold_id) WHERE raised_at IS NOT NULL`,
  `CREATE INDEX holds_recalled ON holds (recall_at, hold_id) WHERE recall_at IS NOT NULL`,
  // One row per partition, written several times a second: left room for, and never indexed otherwise.
  `CREATE TABLE responses_read (
    partition integer PRIMARY KEY,
    read_until bigint NOT NULL
  ) WITH (fillfactor = 10)`,
];

export class HoldOrders1763930000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE responses_read');
    await runner.query(`ALTER TABLE holds DROP COLUMN profile, DROP COLUMN attempt,
      DROP COLUMN resend_at, DROP COLUMN raised_at, DROP COLUMN recall_at,
      DROP COLUMN recall_reason`);
  }
}
