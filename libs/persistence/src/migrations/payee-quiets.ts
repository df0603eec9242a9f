/** Payees that staff vouched for: a payer, a payee, and until when. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PayeeQuiets1763920020000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE payee_quiets (
      quiet_id text COLLATE "C" PRIMARY KEY,
      partition integer NOT NULL CHECK (partition >= 0),
      payer_id text COLLATE "C" NOT NULL,
      payee_id text COLLATE "C" NOT NULL,
      from_at bigint NOT NULL,
      until_at bigint NOT NULL,
      reason text NOT NULL,
      entered_by text NOT NULL,
      ended_by text,
      CONSTRAINT payee_quiets_span CHECK (from_at <= until_at)
    )`);
    await runner.query(
      'CREATE INDEX payee_quiets_payer ON payee_quiets (payer_id, until_at, quiet_id)',
    );
    await runner.query('CREATE INDEX payee_quiets_end ON payee_quiets (until_at, quiet_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE payee_quiets');
  }
}
