/** How far each alert of the journal has come on its way to the platform's messaging. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

const STATEMENTS: readonly string[] = [
  // By where the alert stands in the journal, which holds what it says.
  `CREATE TABLE alert_deliveries (
    chain integer NOT NULL,
    sequence bigint NOT NULL,
    requested_at bigint NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    next_at bigint,
    delivered_at bigint,
    raised_at bigint,
    PRIMARY KEY (chain, sequence),
    CONSTRAINT alert_deliveries_once CHECK (delivered_at IS NULL OR next_at IS NULL)
  ) WITH (fillfactor = 70)`,
  `CREATE INDEX alert_deliveries_due ON alert_deliveries (next_at) WHERE next_at IS NOT NULL`,
  `CREATE INDEX alert_deliveries_overdue ON alert_deliveries (requested_at)
    WHERE delivered_at IS NULL AND raised_at IS NULL`,
  `CREATE INDEX journal_alerts ON journal (chain, sequence) WHERE type = 'alert.requested'`,
];

export class AlertDeliveries1763940010000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX journal_alerts');
    await runner.query('DROP TABLE alert_deliveries');
  }
}
