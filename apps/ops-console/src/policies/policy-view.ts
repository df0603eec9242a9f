/** Policy versions and what they would have done, as the API shows them. */
import type {
  ShadowCount,
  BesideDecision,
  PolicyVersion,
  TierCounts,
  WeighedUnder,
} from '#application';
import { formatInstant, type Instant, type Tier } from '#domain';
import type { Backtest, PolicyVersion as VersionView, ShadowReport } from '../api/policies.ts';
import { moneyView } from '../cases/queue-view.ts';
import type { StaffNames } from '../cases/staff-names.ts';

export function versionView(version: PolicyVersion, names: StaffNames): VersionView {
  return {
    policyVersionId: version.policyVersionId,
    policyId: version.policyId,
    version: version.version,
    digest: version.digest,
    state: version.state,
    title: version.title,
    author: names.person(version.author),
    createdAt: formatInstant(version.createdAt),
    ...(version.submittedAt === undefined
      ? {}
      : { submittedAt: formatInstant(version.submittedAt) }),
    ...(version.approver === undefined ? {} : { approver: names.person(version.approver) }),
    ...(version.activatedAt === undefined
      ? {}
      : { activatedAt: formatInstant(version.activatedAt) }),
    ...(version.retiredAt === undefined ? {} : { retiredAt: formatInstant(version.retiredAt) }),
    ...(version.basedOn === undefined ? {} : { basedOn: version.basedOn }),
  };
}

const EXAMPLES_MAX = 50;

export function backtestView(
  policyVersionId: string,
  { from, to, limit }: { readonly from: Instant; readonly to: Instant; readonly limit: number },
  weighed: WeighedUnder,
  cannotShow: Backtest['cannotShow'],
): Backtest {
  const { decisions, skipped, before, after, changed, labelled } = weighed;
  return {
    policyVersionId,
    from: formatInstant(from),
    to: formatInstant(to),
    decisions,
    skipped,
    truncated: decisions + skipped >= limit,
    before: { ...before },
    after: { ...after },
    changed: changed.length,
    examples: changed.slice(0, EXAMPLES_MAX).flatMap(({ decided, after: tier }) => {
      const { decision, label, caseId } = decided;
      const { facts } = decision;
      if (facts === null) return [];
      return [
        {
          decisionId: decision.decisionId,
          ...(caseId === undefined ? {} : { caseId }),
          kind: decision.subjectKind,
          amount: moneyView(facts.currency, facts.amount),
          at: decision.decidedAt,
          before: decision.tier,
          after: tier,
          ...(label === undefined ? {} : { label }),
        },
      ];
    }),
    labelled: { scam: { ...labelled.scam }, legitimate: { ...labelled.legitimate } },
    cannotShow,
  };
}

export function shadowView(
  version: PolicyVersion,
  counts: readonly ShadowCount[],
  examples: readonly BesideDecision[],
  tiers: (of: readonly { readonly tier: Tier; readonly count: number }[]) => TierCounts,
): ShadowReport {
  const sum = (some: readonly ShadowCount[]): number =>
    some.reduce((total, { count }) => total + count, 0);
  return {
    policyVersionId: version.policyVersionId,
    since: formatInstant(version.shadowAt ?? version.createdAt),
    decisions: sum(counts),
    before: { ...tiers(counts.map(({ before, count }) => ({ tier: before, count }))) },
    after: { ...tiers(counts.map(({ after, count }) => ({ tier: after, count }))) },
    changed: sum(counts.filter(({ before, after }) => before !== after)),
    examples: examples.map(({ decisionId, kind, minor, currency, at, before, after }) => ({
      decisionId,
      kind,
      amount: moneyView(currency, minor),
      at: formatInstant(at),
      before,
      after,
    })),
  };
}
