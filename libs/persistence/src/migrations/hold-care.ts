/** What people ask and agree about holds. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

const STATEMENTS: readonly string[] = [
  `CREATE TABLE release_requests (
    request_id text COLLATE "C" PRIMARY KEY,
    hold_id text COLLATE "C" NOT NULL,
    order_sequence integer NOT NULL,
    requested_by text COLLATE "C" NOT NULL,
    requested_at bigint NOT NULL,
    reason text NOT NULL,
    contact_channel text NOT NULL CHECK (contact_channel IN ('phone', 'branch', 'video')),
    contact_at bigint NOT NULL,
    contact_reference text NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'approved', 'declined', 'withdrawn')),
    decided_by text COLLATE "C",
    decided_at bigint,
    CONSTRAINT release_requests_decided CHECK (
      (state = 'open') = (decided_by IS NULL) AND (state = 'open') = (decided_at IS NULL)),
    CONSTRAINT release_requests_two_people CHECK (
      state <> 'approved' OR decided_by <> requested_by)
  )`,
  `CREATE UNIQUE INDEX release_requests_open ON release_requests (hold_id) WHERE state = 'open'`,
  `CREATE INDEX release_requests_hold ON release_requests (hold_id, requested_at)`,

  `CREATE TABLE appeals (
    appeal_id text COLLATE "C" PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('appeal', 'review', 'emergency')),
    hold_id text COLLATE "C" NOT NULL,
    payer_id text COLLATE "C" NOT NULL,
    partition integer NOT NULL,
    origin text NOT NULL CHECK (origin IN ('payer', 'staff')),
    received_at bigint NOT NULL,
    due_at bigint NOT NULL CHECK (due_at >= received_at),
    typed text,
    state text NOT NULL CHECK (state IN ('open', 'upheld', 'rejected')),
    decided_by text COLLATE "C",
    decided_at bigint,
    explanation text,
    CONSTRAINT appeals_decided CHECK (
      (state = 'open') = (decided_by IS NULL) AND (state = 'open') = (decided_at IS NULL)
      AND (state = 'open') = (explanation IS NULL))
  )`,
  `CREATE INDEX appeals_due ON appeals (due_at, appeal_id) WHERE state = 'open'`,
  `CREATE INDEX appeals_hold ON appeals (hold_id, due_at, appeal_id)`,

  `CREATE TABLE instructions (
    instruction_id text COLLATE "C" PRIMARY KEY,
    hold_id text COLLATE "C" NOT NULL,
    payer_id text COLLATE "C" NOT NULL,
    authority text NOT NULL,
    reference text NOT NULL,
    instruction text NOT NULL CHECK (instruction IN ('stop', 'lift')),
    received_at bigint NOT NULL,
    valid_until bigint NOT NULL,
    count integer NOT NULL,
    recorded_by text COLLATE "C" NOT NULL,
    CONSTRAINT instructions_term CHECK (valid_until > received_at
      AND (instruction = 'lift' OR valid_until - received_at <= 172800000)),
    CONSTRAINT instructions_twice CHECK (instruction = 'lift' OR count BETWEEN 1 AND 2)
  )`,
  `CREATE UNIQUE INDEX instructions_stops ON instructions (hold_id, count) WHERE instruction = 'stop'`,
  `CREATE INDEX instructions_received ON instructions (received_at DESC, instruction_id DESC)`,

  `CREATE TABLE delay_costs (
    cost_id text COLLATE "C" PRIMARY KEY,
    hold_id text COLLATE "C" NOT NULL,
    kind text NOT NULL CHECK (kind IN ('interest', 'fee', 'missed_deadline', 'other')),
    currency text NOT NULL,
    minor bigint NOT NULL CHECK (minor >= 0),
    at bigint NOT NULL,
    recorded_by text COLLATE "C" NOT NULL
  )`,
  `CREATE INDEX delay_costs_hold ON delay_costs (hold_id, at)`,
];

const TABLES = ['delay_costs', 'instructions', 'appeals', 'release_requests'];

export class HoldCare1763930100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(`DROP TABLE ${table}`);
  }
}
