/** Versions of the policy in PostgreSQL. */
import type { DecidedBefore, PolicyStore, PolicyVersion, BesideDecision } from '#application';
import type { CaseLabel, DecisionBody, Instant, PolicyState, Tier } from '#domain';
import { integer } from '../integers.ts';
import { CASE_ID } from './queue.ts';
import type { Parameter, Statement, Transactions } from '../transactions.ts';

const COLUMNS = `policy_version_id, policy_id, version, digest, state, title, author, created_at,
  submitted_at, shadow_at, approver, activated_at, retired_at, based_on, origin`;
const LIST_MAX = 200;
const EXAMPLES_MAX = 50;

const LIST: Statement = {
  name: 'policies.list',
  text: `SELECT ${COLUMNS} FROM policy_versions ORDER BY created_at DESC, policy_version_id LIMIT ${LIST_MAX}`,
};
const FIND: Statement = {
  name: 'policies.find',
  text: `SELECT ${COLUMNS} FROM policy_versions WHERE policy_version_id = $1`,
};
const DOCUMENT: Statement = {
  name: 'policies.document',
  text: 'SELECT document FROM policy_versions WHERE policy_version_id = $1',
};
const IN_STATE: Statement = {
  name: 'policies.in_state',
  text: `SELECT ${COLUMNS} FROM policy_versions WHERE state = $1 LIMIT 1`,
};
/** Any fixed number, so long as nothing else on the database locks it. */
const CHANGES_LOCK = 7_105_110_107;
const LOCK: Statement = {
  name: 'policies.lock',
  text: `SELECT pg_advisory_xact_lock(${CHANGES_LOCK})`,
};
const ALL: Statement = {
  name: 'policies.all',
  text: `SELECT ${COLUMNS} FROM policy_versions ORDER BY created_at DESC, policy_version_id`,
};
const SAVE: Statement = {
  name: 'policies.save',
  text: `INSERT INTO policy_versions (${COLUMNS}, document)
    SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
      coalesce($16, (SELECT document FROM policy_versions WHERE policy_version_id = $1))
    ON CONFLICT (policy_version_id) DO UPDATE SET policy_id = excluded.policy_id,
      version = excluded.version, digest = excluded.digest, state = excluded.state,
      title = excluded.title, submitted_at = excluded.submitted_at, shadow_at = excluded.shadow_at,
      approver = excluded.approver, activated_at = excluded.activated_at,
      retired_at = excluded.retired_at, document = excluded.document`,
};

interface VersionRow {
  readonly policy_version_id: string;
  readonly policy_id: string;
  readonly version: string;
  readonly digest: string;
  readonly state: PolicyState;
  readonly title: string;
  readonly author: string;
  readonly created_at: string;
  readonly submitted_at: string | null;
  readonly shadow_at: string | null;
  readonly approver: string | null;
  readonly activated_at: string | null;
  readonly retired_at: string | null;
  readonly based_on: string | null;
  readonly origin: PolicyVersion['origin'];
}

function versionOf(row: VersionRow): PolicyVersion {
  const at = <const Key extends string>(
    key: Key,
    value: string | null,
  ): Partial<Record<Key, Instant>> =>
    value === null ? {} : ({ [key]: integer(value) } as Record<Key, Instant>);
  return {
    policyVersionId: row.policy_version_id,
    policyId: row.policy_id,
    version: row.version,
    digest: row.digest,
    state: row.state,
    title: row.title,
    author: row.author,
    createdAt: integer(row.created_at),
    ...at('submittedAt', row.submitted_at),
    ...at('shadowAt', row.shadow_at),
    ...(row.approver === null ? {} : { approver: row.approver }),
    ...at('activatedAt', row.activated_at),
    ...at('retiredAt', row.retired_at),
    ...(row.based_on === null ? {} : { basedOn: row.based_on }),
    origin: row.origin,
  };
}

function valuesOf(version: PolicyVersion, document: string | undefined): readonly Parameter[] {
  return [
    version.policyVersionId,
    version.policyId,
    version.version,
    version.digest,
    version.state,
    version.title,
    version.author,
    version.createdAt,
    version.submittedAt ?? null,
    version.shadowAt ?? null,
    version.approver ?? null,
    version.activatedAt ?? null,
    version.retiredAt ?? null,
    version.basedOn ?? null,
    version.origin,
    document ?? null,
  ];
}

export function makePolicyStore(transactions: Transactions): PolicyStore {
  const one = async (statement: Statement, value: string): Promise<PolicyVersion | undefined> => {
    const { rows } = await transactions.query<VersionRow>(statement, [value]);
    return rows[0] === undefined ? undefined : versionOf(rows[0]);
  };
  return {
    ...makeWeighing(transactions),
    async list() {
      const { rows } = await transactions.query<VersionRow>(LIST, []);
      return rows.map(versionOf);
    },
    find: (id) => one(FIND, id),
    live: () => one(IN_STATE, 'active'),
    beside: () => one(IN_STATE, 'shadow'),
    async documentOf(id) {
      const { rows } = await transactions.query<{ document: string }>(DOCUMENT, [id]);
      return rows[0]?.document;
    },
    async lockAll(tx) {
      const open = transactions.open(tx);
      await open.query(LOCK, []);
      const { rows } = await open.query<VersionRow>(ALL, []);
      return rows.map(versionOf);
    },
    async save(tx, version, document) {
      await transactions.open(tx).query(SAVE, valuesOf(version, document));
    },
  };
}

/*
 * Newest first along each chain's own key: the entries read are those between the newest and the last one wanted, whatever the journal's
 * size. The label of a hold's case comes with it.
 */
const DECISIONS: Statement = {
  name: 'policies.decisions',
  text: `SELECT j.canonical, w.label, ${CASE_ID} AS case_id
    FROM (SELECT chain FROM chain_heads) c
    CROSS JOIN LATERAL (
      SELECT canonical, at, canonical::json #>> '{body,hold,holdId}' AS hold_id FROM (
        SELECT canonical, at FROM journal
        WHERE chain = c.chain AND type = 'decision.made' ORDER BY sequence DESC LIMIT $2) newest
      WHERE at >= $1) j
    LEFT JOIN holds h ON h.hold_id = j.hold_id
    LEFT JOIN case_work w ON w.case_id = ${CASE_ID}
    ORDER BY j.at DESC LIMIT $2`,
};
const POSITION: Statement = {
  name: 'policies.shadow_position',
  text: `INSERT INTO shadow_positions AS kept (policy_version_id, chain, sequence)
    VALUES ($1, $2, coalesce((SELECT j.sequence FROM journal j
      WHERE j.chain = $2 AND j.at < $3 ORDER BY j.sequence DESC LIMIT 1), 0))
    ON CONFLICT (policy_version_id, chain) DO UPDATE SET sequence = kept.sequence
    RETURNING sequence`,
};
const AFTER: Statement = {
  name: 'policies.decisions_after',
  text: `SELECT canonical FROM journal
    WHERE chain = $1 AND sequence > $2 AND sequence <= $3 AND type = 'decision.made' ORDER BY sequence`,
};
const REACHED: Statement = {
  name: 'policies.reached',
  text: 'SELECT least(sequence, $2::bigint) AS up_to FROM chain_heads WHERE chain = $1',
};
const ADVANCE: Statement = {
  name: 'policies.shadow_advance',
  text: `UPDATE shadow_positions SET sequence = $4
    WHERE policy_version_id = $1 AND chain = $2 AND sequence = $3`,
};
const COUNT: Statement = {
  name: 'policies.shadow_count',
  text: `INSERT INTO shadow_counts AS old (policy_version_id, before_tier, after_tier, count)
    SELECT $1, before, after, count(*) FROM unnest($2::text[], $3::text[]) AS r (before, after)
    GROUP BY before, after ORDER BY before, after
    ON CONFLICT (policy_version_id, before_tier, after_tier)
      DO UPDATE SET count = old.count + excluded.count`,
};
const KEEP_CHANGES: Statement = {
  name: 'policies.shadow_keep',
  text: `INSERT INTO shadow_changes
    SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[],
      $7::bigint[], $8::text[], $9::text[])
    ON CONFLICT DO NOTHING`,
};
const COUNTS: Statement = {
  name: 'policies.shadow_counts',
  text: 'SELECT before_tier, after_tier, count FROM shadow_counts WHERE policy_version_id = $1',
};
const CHANGES: Statement = {
  name: 'policies.shadow_changes',
  text: `SELECT decision_id, hold_id, kind, minor, currency, at, before_tier, after_tier
    FROM shadow_changes WHERE policy_version_id = $1 ORDER BY at DESC LIMIT ${EXAMPLES_MAX}`,
};

interface ChangeRow {
  readonly decision_id: string;
  readonly hold_id: string | null;
  readonly kind: BesideDecision['kind'];
  readonly minor: string;
  readonly currency: string;
  readonly at: string;
  readonly before_tier: Tier;
  readonly after_tier: Tier;
}

function changeOf(row: ChangeRow): BesideDecision {
  return {
    decisionId: row.decision_id,
    ...(row.hold_id === null ? {} : { holdId: row.hold_id }),
    kind: row.kind,
    minor: integer(row.minor),
    currency: row.currency,
    at: integer(row.at),
    before: row.before_tier,
    after: row.after_tier,
  };
}

function decisionOf(canonical: string): DecisionBody {
  return (JSON.parse(canonical) as { readonly body: DecisionBody }).body;
}

type Weighing = Pick<
  PolicyStore,
  'decisions' | 'decisionsAfter' | 'shadowPosition' | 'keepShadow' | 'shadowReport'
>;

function makeWeighing(transactions: Transactions): Weighing {
  return {
    async decisions(from, limit) {
      const { rows } = await transactions.query<{
        canonical: string;
        label: CaseLabel | null;
        case_id: string | null;
      }>(DECISIONS, [from, limit]);
      return rows.map((row): DecidedBefore => ({
        decision: decisionOf(row.canonical),
        ...(row.label === null ? {} : { label: row.label }),
        ...(row.case_id === null ? {} : { caseId: row.case_id }),
      }));
    },
    async shadowPosition(id, chain, since) {
      const { rows } = await transactions.query<{ sequence: string }>(POSITION, [id, chain, since]);
      return integer(rows[0]?.sequence ?? 0);
    },
    async decisionsAfter(chain, after, limit) {
      const end = await transactions.query<{ up_to: string }>(REACHED, [chain, after + limit]);
      const upTo = Math.max(after, integer(end.rows[0]?.up_to ?? after));
      const { rows } = await transactions.query<{ canonical: string }>(AFTER, [chain, after, upTo]);
      return { decisions: rows.map(({ canonical }) => decisionOf(canonical)), upTo };
    },
    async keepShadow(id, { chain, from, upTo }, decided) {
      const changed = decided.filter(({ before, after }) => before !== after);
      await transactions.run(async (tx) => {
        const open = transactions.open(tx);
        const { count } = await open.query(ADVANCE, [id, chain, from, upTo]);
        if (count === 0 || decided.length === 0) return;
        await Promise.all([
          open.query(COUNT, [
            id,
            decided.map(({ before }) => before),
            decided.map(({ after }) => after),
          ]),
          open.query(KEEP_CHANGES, [
            id,
            changed.map((one) => one.decisionId),
            changed.map((one) => one.holdId ?? null),
            changed.map((one) => one.kind),
            changed.map((one) => one.minor),
            changed.map((one) => one.currency),
            changed.map((one) => one.at),
            changed.map((one) => one.before),
            changed.map((one) => one.after),
          ]),
        ]);
      });
    },
    async shadowReport(id) {
      const [counts, changes] = await Promise.all([
        transactions.query<{ before_tier: Tier; after_tier: Tier; count: string }>(COUNTS, [id]),
        transactions.query<ChangeRow>(CHANGES, [id]),
      ]);
      return {
        counts: counts.rows.map((row) => ({
          before: row.before_tier,
          after: row.after_tier,
          count: integer(row.count),
        })),
        examples: changes.rows.map(changeOf),
      };
    },
  };
}
