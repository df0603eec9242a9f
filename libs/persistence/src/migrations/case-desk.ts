/** What operations work with: digests of holds, the work on cases, saved views. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

const STATEMENTS: readonly string[] = [
  // Read from the journal behind the engine's back, so that placing a hold costs the engine nothing more.
  `CREATE TABLE hold_digests (
    hold_id text COLLATE "C" PRIMARY KEY,
    score integer,
    lenders text[] NOT NULL
  ) WITH (fillfactor = 80)`,
  `CREATE INDEX hold_digests_lenders ON hold_digests USING gin (lenders)`,
  `CREATE TABLE digest_positions (
    chain integer PRIMARY KEY,
    sequence bigint NOT NULL
  ) WITH (fillfactor = 50)`,
  `CREATE TABLE case_work (
    case_id text COLLATE "C" PRIMARY KEY,
    payer_id text COLLATE "C" NOT NULL,
    partition integer NOT NULL,
    assignee text COLLATE "C",
    lock_by text COLLATE "C",
    lock_until bigint,
    label text CHECK (label IN ('scam', 'legitimate', 'unsure')),
    escalated_at bigint,
    first_contact_at bigint,
    version integer NOT NULL CHECK (version >= 1),
    CONSTRAINT case_work_lock CHECK ((lock_by IS NULL) = (lock_until IS NULL))
  ) WITH (fillfactor = 70)`,
  `CREATE INDEX case_work_assignee ON case_work (assignee) WHERE assignee IS NOT NULL`,
  `CREATE INDEX case_work_payer ON case_work (payer_id)`,
  `CREATE TABLE saved_views (
    user_id text COLLATE "C" NOT NULL,
    view_id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    filter text NOT NULL,
    PRIMARY KEY (user_id, view_id)
  )`,
];

const TABLES = ['saved_views', 'case_work', 'digest_positions', 'hold_digests'];

export class CaseDesk1763960100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(`DROP TABLE ${table}`);
  }
}
