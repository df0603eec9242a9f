/** The trees over the journal: signed heads, and the complete subtrees from which proofs are made. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

const APPEND_ONLY = ['journal', 'checkpoints', 'journal_tree'];

const STATEMENTS: readonly string[] = [
  `CREATE TABLE checkpoints (
    chain integer NOT NULL,
    size bigint NOT NULL CHECK (size >= 1),
    root bytea NOT NULL CHECK (octet_length(root) = 32),
    at bigint NOT NULL,
    frontier bytea NOT NULL CHECK (octet_length(frontier) % 32 = 0),
    note text NOT NULL,
    PRIMARY KEY (chain, size)
  )`,
  `CREATE TABLE journal_tree (
    chain integer NOT NULL,
    height smallint NOT NULL CHECK (height > 0 AND height % 8 = 0),
    position bigint NOT NULL CHECK (position >= 0),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (chain, height, position)
  )`,
  ...['checkpoints', 'journal_tree'].map(
    (table) => `CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
      FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()`,
  ),
  // Exports by time: a few pages instead of a write per entry.
  `CREATE INDEX journal_at ON journal USING brin (at) WITH (pages_per_range = 32, autosummarize = on)`,
  // Also the owner's own mistakes: whoever wants to change the journal must first take this back, and that shows.
  ...APPEND_ONLY.map(
    (table) => `REVOKE UPDATE, DELETE, TRUNCATE ON ${table} FROM PUBLIC, CURRENT_USER`,
  ),
];

export class JournalSeals1763950000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('GRANT UPDATE, DELETE, TRUNCATE ON journal TO CURRENT_USER');
    await runner.query('DROP INDEX journal_at');
    await runner.query('DROP TABLE journal_tree');
    await runner.query('DROP TABLE checkpoints');
  }
}
