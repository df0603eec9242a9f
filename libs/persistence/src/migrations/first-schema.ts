/** The first schema. Merged migrations are never edited; a change is a new one behind it. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

/*
 * Times are epoch milliseconds in bigint: exact, and the same numbers as inside. Ids sort by bytes (COLLATE "C"), which is
 * cheaper and the same on every machine. Tables whose rows are updated in place leave room on the page for it (HOT).
 */
const STATEMENTS: readonly string[] = [
  `CREATE TABLE positions (
    partition integer NOT NULL CHECK (partition >= 0),
    topic text COLLATE "C" NOT NULL,
    next_offset bigint NOT NULL CHECK (next_offset >= 0),
    epoch bigint NOT NULL CHECK (epoch >= 0),
    owner text NOT NULL,
    PRIMARY KEY (partition, topic)
  ) WITH (fillfactor = 50)`,

  // The primary key is the window's index. Class: 0 code, 1 lasting, 2 ordinary, 3 order (kept-evidence.ts).
  `CREATE TABLE evidence (
    partition integer NOT NULL,
    payer_id text COLLATE "C" NOT NULL,
    occurred_at bigint NOT NULL,
    source text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    class smallint NOT NULL CHECK (class BETWEEN 0 AND 3),
    subject_id text COLLATE "C",
    payee_id text COLLATE "C",
    data text NOT NULL,
    PRIMARY KEY (partition, payer_id, occurred_at, source, event_id)
  )`,
  `CREATE INDEX evidence_age ON evidence (class, occurred_at)`,
  `CREATE INDEX evidence_orders ON evidence (partition, payer_id, occurred_at) WHERE class = 3`,

  // One row per pair: the distinct payers of a payee are counted by reading at most a few rows.
  `CREATE TABLE payee_activity (
    payee_id text COLLATE "C" NOT NULL,
    payer_id text COLLATE "C" NOT NULL,
    last_at bigint NOT NULL,
    minor bigint NOT NULL,
    PRIMARY KEY (payee_id, payer_id)
  )`,
  `CREATE INDEX payee_activity_recent ON payee_activity (payee_id, last_at) INCLUDE (payer_id)`,
  `CREATE INDEX payee_activity_age ON payee_activity (last_at)`,

  `CREATE TABLE subjects (
    source text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('transfer', 'draw')),
    subject_id text COLLATE "C" NOT NULL,
    partition integer NOT NULL,
    payer_id text COLLATE "C" NOT NULL,
    requested_at bigint NOT NULL,
    content_hash text COLLATE "C" NOT NULL,
    sequence integer NOT NULL CHECK (sequence >= 1),
    effect_outcome text NOT NULL CHECK (effect_outcome IN ('allow', 'warn', 'hold')),
    effect_tier text NOT NULL CHECK (effect_tier IN ('T0', 'T1', 'T2', 'T3', 'T4')),
    effect_own_tier text CHECK (effect_own_tier IN ('T0', 'T1', 'T2', 'T3', 'T4')),
    assessed_outcome text NOT NULL CHECK (assessed_outcome IN ('allow', 'warn', 'hold')),
    assessed_tier text NOT NULL CHECK (assessed_tier IN ('T0', 'T1', 'T2', 'T3', 'T4')),
    assessed_own_tier text NOT NULL CHECK (assessed_own_tier IN ('T0', 'T1', 'T2', 'T3', 'T4')),
    lowered boolean NOT NULL,
    hold_id text COLLATE "C",
    request text,
    PRIMARY KEY (source, kind, subject_id)
  )`,
  `CREATE INDEX subjects_payer ON subjects (partition, payer_id, requested_at)`,

  `CREATE TABLE holds (
    hold_id text COLLATE "C" PRIMARY KEY,
    partition integer NOT NULL,
    payer_id text COLLATE "C" NOT NULL,
    source text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('transfer', 'draw')),
    subject_id text COLLATE "C" NOT NULL,
    payee_id text COLLATE "C",
    amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
    currency text NOT NULL,
    tier text NOT NULL CHECK (tier IN ('T2', 'T3', 'T4')),
    status text NOT NULL
      CHECK (status IN ('placed', 'matured', 'released', 'cancelled', 'expired')),
    placed_at bigint NOT NULL,
    due_at bigint NOT NULL,
    ceiling_at bigint NOT NULL,
    expiry_action text NOT NULL CHECK (expiry_action IN ('reconfirm', 'release', 'reject')),
    order_sequence integer NOT NULL CHECK (order_sequence >= 1),
    reason_codes text NOT NULL,
    decision_id text NOT NULL,
    ended_at bigint,
    ended_actor text
      CHECK (ended_actor IN ('clock', 'payer', 'analyst', 'authority', 'processor')),
    ended_reason text,
    ack_sequence integer,
    ack_result text,
    ack_at bigint,
    CONSTRAINT holds_ceiling CHECK (placed_at <= due_at AND due_at <= ceiling_at),
    CONSTRAINT holds_one_end CHECK (
      (status IN ('placed', 'matured')) = (ended_at IS NULL)
      AND (ended_at IS NULL) = (ended_actor IS NULL)
      AND (ended_at IS NULL) = (ended_reason IS NULL)),
    CONSTRAINT holds_acknowledged CHECK (
      (ack_sequence IS NULL) = (ack_result IS NULL)
      AND (ack_sequence IS NULL) = (ack_at IS NULL))
  ) WITH (fillfactor = 70)`,
  `CREATE INDEX holds_due ON holds (due_at, hold_id) WHERE status = 'placed'`,
  `CREATE INDEX holds_ceiling ON holds (ceiling_at, hold_id)
    WHERE status IN ('placed', 'matured')`,
  `CREATE INDEX holds_open ON holds (due_at, hold_id) WHERE status IN ('placed', 'matured')`,
  `CREATE INDEX holds_listed ON holds (due_at, hold_id)`,
  `CREATE INDEX holds_payer_open ON holds (payer_id, due_at)
    WHERE status IN ('placed', 'matured')`,
  `CREATE INDEX holds_payer ON holds (payer_id, due_at, hold_id)`,
  `CREATE FUNCTION holds_keep_end() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.ceiling_at <> OLD.ceiling_at THEN
      RAISE EXCEPTION 'the ceiling of a hold is fixed at placing'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'holds_ceiling_fixed';
    END IF;
    IF NEW.order_sequence < OLD.order_sequence THEN
      RAISE EXCEPTION 'the orders of a hold only grow'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'holds_order_sequence_grows';
    END IF;
    IF OLD.ended_at IS NOT NULL AND
      (NEW.status, NEW.ended_at, NEW.ended_actor, NEW.ended_reason, NEW.due_at, NEW.order_sequence)
      IS DISTINCT FROM
      (OLD.status, OLD.ended_at, OLD.ended_actor, OLD.ended_reason, OLD.due_at, OLD.order_sequence)
    THEN
      RAISE EXCEPTION 'a hold ends once'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'holds_end_once';
    END IF;
    RETURN NEW;
  END $$`,
  `CREATE TRIGGER holds_keep_end BEFORE UPDATE ON holds
    FOR EACH ROW EXECUTE FUNCTION holds_keep_end()`,

  `CREATE TABLE profiles (
    payer_id text COLLATE "C" PRIMARY KEY,
    updated_at bigint NOT NULL,
    data text NOT NULL
  )`,

  `CREATE TABLE journal (
    chain integer NOT NULL,
    sequence bigint NOT NULL CHECK (sequence >= 1),
    type text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    canonical text NOT NULL,
    leaf bytea NOT NULL CHECK (octet_length(leaf) = 32),
    PRIMARY KEY (chain, sequence)
  )`,
  `CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'the journal is append-only: % is refused', TG_OP
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'journal_append_only';
  END $$`,
  `CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()`,

  // Values and salts behind the commitments: deleted when a person is erased, the journal stays whole.
  `CREATE TABLE journal_disclosures (
    chain integer NOT NULL,
    sequence bigint NOT NULL,
    payer_id text COLLATE "C",
    disclosures text NOT NULL,
    PRIMARY KEY (chain, sequence)
  )`,
  `CREATE INDEX journal_disclosures_payer ON journal_disclosures (payer_id)`,

  `CREATE TABLE chain_heads (
    chain integer PRIMARY KEY,
    sequence bigint NOT NULL,
    leaf bytea NOT NULL,
    published bigint NOT NULL,
    CONSTRAINT chain_heads_published CHECK (published BETWEEN 0 AND sequence)
  ) WITH (fillfactor = 50)`,
];

const TABLES = [
  'chain_heads',
  'journal_disclosures',
  'journal',
  'profiles',
  'holds',
  'subjects',
  'payee_activity',
  'evidence',
  'positions',
];

export class FirstSchema1763900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(`DROP TABLE ${table}`);
    await runner.query('DROP FUNCTION journal_refuse');
    await runner.query('DROP FUNCTION holds_keep_end');
  }
}
