/** Points in time instead of the latest attempt, so that what is known of a payee does not depend on what came later. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

/*
 * `what`: 0 an attempt by which enough was attempted, 1 a transfer by which most of what came in had left at once. The primary key
 * is the only index that a payee is looked up by; `txid` tells followers what was committed since they last looked.
 */
const UP: readonly string[] = [
  `ALTER TABLE payee_activity RENAME TO payee_activity_latest`,
  `CREATE TABLE payee_activity (
    payee_id text COLLATE "C" NOT NULL,
    what smallint NOT NULL CHECK (what BETWEEN 0 AND 1),
    at bigint NOT NULL,
    payer_id text COLLATE "C" NOT NULL,
    txid bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    CONSTRAINT payee_activity_points PRIMARY KEY (payee_id, what, at, payer_id)
  )`,
  `INSERT INTO payee_activity (payee_id, what, at, payer_id)
    SELECT payee_id, 0, last_at, payer_id FROM payee_activity_latest`,
  `DROP TABLE payee_activity_latest`,
  `CREATE INDEX payee_activity_changes ON payee_activity (txid)`,
  `CREATE INDEX payee_activity_age ON payee_activity (at)`,

  // How far each partition has read `payee_activity`.
  `CREATE TABLE payee_followers (
    partition integer PRIMARY KEY,
    read_to bigint NOT NULL
  ) WITH (fillfactor = 50)`,

  // The payee of a transfer while more may become known of it.
  `ALTER TABLE subjects ADD COLUMN watched_payee text COLLATE "C"`,
  `CREATE INDEX subjects_watched ON subjects (watched_payee, requested_at)
    WHERE watched_payee IS NOT NULL`,
];

const DOWN: readonly string[] = [
  `DROP INDEX subjects_watched`,
  `ALTER TABLE subjects DROP COLUMN watched_payee`,
  `DROP TABLE payee_followers`,
  `ALTER TABLE payee_activity RENAME TO payee_activity_points_table`,
  `CREATE TABLE payee_activity (
    payee_id text COLLATE "C" NOT NULL,
    payer_id text COLLATE "C" NOT NULL,
    last_at bigint NOT NULL,
    minor bigint NOT NULL,
    CONSTRAINT payee_activity_pkey PRIMARY KEY (payee_id, payer_id)
  )`,
  // What was attempted was more than it takes; how much more is not known any more.
  `INSERT INTO payee_activity
    SELECT payee_id, payer_id, max(at), 30000 FROM payee_activity_points_table
    WHERE what = 0 GROUP BY payee_id, payer_id`,
  `DROP TABLE payee_activity_points_table`,
  `CREATE INDEX payee_activity_recent ON payee_activity (payee_id, last_at) INCLUDE (payer_id)`,
  `CREATE INDEX payee_activity_age ON payee_activity (last_at)`,
];

export class PayeeActivity1763910000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
