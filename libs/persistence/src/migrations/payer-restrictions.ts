/** Payers whose values are kept because the law asks for it, and shown to nobody. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PayerRestrictions1763950100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE payer_restrictions (
      payer_id text COLLATE "C" PRIMARY KEY,
      restriction_id text NOT NULL,
      at bigint NOT NULL,
      until bigint
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE payer_restrictions');
  }
}
