/** What the overview and the desk of refused records read by. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Overview1763960300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX holds_placed ON holds (placed_at)');
    await runner.query(
      `CREATE INDEX journal_refused ON journal (at, chain, sequence) WHERE type = 'record.refused'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX journal_refused');
    await runner.query('DROP INDEX holds_placed');
  }
}
