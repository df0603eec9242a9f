/** Versions of the policy, and what the one beside the live one decides. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

const STATEMENTS: readonly string[] = [
  `CREATE TABLE policy_versions (
    policy_version_id text COLLATE "C" PRIMARY KEY,
    policy_id text NOT NULL,
    version text NOT NULL,
    digest text COLLATE "C" NOT NULL,
    state text NOT NULL
      CHECK (state IN ('draft', 'submitted', 'shadow', 'active', 'retired', 'rejected')),
    title text NOT NULL,
    author text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    submitted_at bigint,
    shadow_at bigint,
    approver text COLLATE "C",
    activated_at bigint,
    retired_at bigint,
    based_on text COLLATE "C",
    origin text NOT NULL CHECK (origin IN ('file', 'console')),
    document text NOT NULL,
    CONSTRAINT policy_versions_two_people
      CHECK (origin = 'file' OR state <> 'shadow' OR approver <> author)
  )`,
  `CREATE UNIQUE INDEX policy_versions_one_active ON policy_versions (state) WHERE state = 'active'`,
  `CREATE UNIQUE INDEX policy_versions_one_shadow ON policy_versions (state) WHERE state = 'shadow'`,
  `CREATE INDEX policy_versions_created ON policy_versions (created_at)`,
  `CREATE TABLE shadow_positions (
    policy_version_id text COLLATE "C" NOT NULL,
    chain integer NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (policy_version_id, chain)
  ) WITH (fillfactor = 50)`,
  `CREATE TABLE shadow_counts (
    policy_version_id text COLLATE "C" NOT NULL,
    before_tier text NOT NULL,
    after_tier text NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (policy_version_id, before_tier, after_tier)
  ) WITH (fillfactor = 50)`,
  `CREATE TABLE shadow_changes (
    policy_version_id text COLLATE "C" NOT NULL,
    decision_id text COLLATE "C" NOT NULL,
    hold_id text COLLATE "C",
    kind text NOT NULL,
    minor bigint NOT NULL,
    currency text NOT NULL,
    at bigint NOT NULL,
    before_tier text NOT NULL,
    after_tier text NOT NULL,
    PRIMARY KEY (policy_version_id, decision_id)
  )`,
];

const TABLES = ['shadow_changes', 'shadow_counts', 'shadow_positions', 'policy_versions'];

export class PolicyVersions1763960200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(`DROP TABLE ${table}`);
  }
}
