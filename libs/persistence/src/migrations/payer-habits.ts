/** Whom a payer pays with borrowed money and repays (SCORING M8): one row for each payer who borrows. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP: readonly string[] = [
  `CREATE TABLE payer_habits (
    partition integer NOT NULL,
    payer_id text COLLATE "C" NOT NULL,
    known_at bigint NOT NULL,
    data text NOT NULL,
    PRIMARY KEY (partition, payer_id)
  ) WITH (fillfactor = 70)`,
  `CREATE INDEX payer_habits_age ON payer_habits (known_at)`,
];

export class PayerHabits1763910100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE payer_habits');
  }
}
