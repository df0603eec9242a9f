/** The case that a held subject and its hold belong to. Rows from before have none. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Episodes1763920010000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE subjects ADD COLUMN case_id text COLLATE "C"');
    await runner.query('ALTER TABLE holds ADD COLUMN case_id text COLLATE "C"');
    await runner.query('CREATE INDEX holds_case ON holds (case_id) WHERE case_id IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE holds DROP COLUMN case_id');
    await runner.query('ALTER TABLE subjects DROP COLUMN case_id');
  }
}
