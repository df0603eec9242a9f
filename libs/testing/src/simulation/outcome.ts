/** What came of a run, without what differs between two runs that did the same: times, offsets, who did it and how often. */
import { subjectKey, type HoldStatus, type Tier } from '#domain';
import { readJournal, type RunRecord } from './run-record.ts';

export interface SubjectOutcome {
  readonly outcome: string;
  readonly tier: Tier;
  /** Tenths of a deciban. */
  readonly score: number;
  readonly reasons: readonly string[];
  readonly hold?: {
    readonly tier: Tier;
    readonly state: HoldStatus;
    readonly endedBy?: string;
  };
}

/** The last decision about each subject and how its hold stands, by the subject's key, sorted. */
export function outcomeOf(
  run: Pick<RunRecord, 'chains' | 'holds'>,
): ReadonlyMap<string, SubjectOutcome> {
  const held = new Map(
    run.holds.map(({ subject, tier, status, ended }) => {
      const end = ended === undefined ? {} : { endedBy: `${ended.actor} ${ended.reason}` };
      return [subjectKey(subject), { hold: { tier, state: status, ...end } }];
    }),
  );
  const outcomes = new Map<string, SubjectOutcome>();
  // In order of sequence, so that the last one stands.
  for (const { subject, body } of readJournal(run.chains).decisions) {
    const { outcome, tier, score, reasons } = body;
    const key = subjectKey(subject);
    outcomes.set(key, {
      outcome,
      tier,
      score,
      reasons: reasons.map(({ code, tenths }) => `${code} ${tenths}`),
      ...held.get(key),
    });
  }
  return new Map([...outcomes].sort(([a], [b]) => (a < b ? -1 : 1)));
}
