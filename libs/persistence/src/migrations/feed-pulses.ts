/** How each feed of a partition speaks stands beside its position: read with a claim, written with an advance. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class FeedPulses1763920000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE positions
      ADD COLUMN last_event_at bigint,
      ADD COLUMN silence_ms bigint,
      ADD COLUMN silence_at bigint,
      ADD CONSTRAINT positions_pulse CHECK (
        (last_event_at IS NULL) = (silence_ms IS NULL)
        AND (last_event_at IS NULL) = (silence_at IS NULL))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE positions
      DROP CONSTRAINT positions_pulse,
      DROP COLUMN last_event_at, DROP COLUMN silence_ms, DROP COLUMN silence_at`);
  }
}
