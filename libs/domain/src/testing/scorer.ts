/** Runs the scorer on a handful of events, so that specs read as tables of evidence and weight. */
import { assessPayer, type AssessmentOptions } from '../assessment/assess-payer.ts';
import type { Assessment, Tier } from '../assessment/assessment.ts';
import { isSubjectEvent, type PlatformEvent, type SubjectEvent } from '../event/event.ts';
import { compareEvents } from '../event/order.ts';
import type { CodeBook } from '../evidence/code-book.ts';
import type { PayeeNumbers, PayerWindow, RecordedSubject } from '../evidence/payer-window.ts';
import type { Policy } from '../policy/policy.ts';
import { subjectKey, subjectOf, type SubjectRef } from '../subject/subject.ts';
import { NOON, PAYER, plainDigest, transfer } from './events.ts';

/** What a window holds besides events. */
export interface Beside extends Pick<AssessmentOptions, 'signals'> {
  readonly policy?: Policy;
  readonly recorded?: readonly RecordedSubject[];
  readonly payees?: Readonly<Record<string, Partial<PayeeNumbers>>>;
  readonly habits?: Readonly<Record<string, number>>;
  readonly cut?: PayerWindow['cut'];
  /** As where something was cut, unless told. */
  readonly truncated?: boolean;
  readonly listed?: readonly string[];
  readonly quiets?: PayerWindow['quiets'];
  readonly codes?: CodeBook;
  /** Ids of the subjects to assess where it is not all of them: the others stand as they are on record. */
  readonly targets?: readonly string[];
}

/** One line of a table: what happened before, what is assessed, what it must weigh. */
export interface Row {
  readonly when: string;
  readonly before?: readonly PlatformEvent[];
  /** A transfer at noon to a person of whom nothing is known, unless told. */
  readonly subject?: SubjectEvent;
  readonly beside?: Beside;
  /** Decibans; 0 where the signal must stay silent. */
  readonly db: number;
}

/** One line of a table about tiers. */
export interface TierRow extends Omit<Row, 'db'> {
  readonly tier: Tier;
  readonly lowered?: boolean;
  /** Whether HELD_WITH is among the reasons. */
  readonly heldWith?: boolean;
}

/** Knows the key `default` and no other. */
export const SPEC_CODES: CodeBook = {
  digest: (keyId, codeId, canonical) =>
    keyId === 'default' ? plainDigest(keyId, codeId, canonical) : undefined,
};

export function specHoldId(subject: SubjectRef): string {
  return `hold of ${subject.kind} ${subject.id}`;
}

export interface Scorer {
  readonly policy: Policy;
  /** Every subject among the events, assessed in the order of events, by its own id. */
  assess(events: readonly PlatformEvent[], beside?: Beside): ReadonlyMap<string, Assessment>;
  /** The assessment of a row's subject. */
  assessRow(row: Omit<Row, 'db' | 'when'>): Assessment;
  /** What a row about tiers says of its subject, as it is: as much of it as the row asks for. */
  verdictOf(row: TierRow): Pick<TierRow, 'tier' | 'lowered' | 'heldWith'>;
  /** Weight of one code for a row's subject; 0 where it does not fire. */
  decibansOf(code: string, row: Omit<Row, 'db' | 'when'>): number;
}

/** `policyText`: the file of the default policy. Its digest does not matter here. */
export function makeScorer(policyText: string): Scorer {
  const file = JSON.parse(policyText) as Omit<Policy, 'digest'>;
  const policy: Policy = { ...file, digest: 'spec' };

  function assess(events: readonly PlatformEvent[], beside: Beside = {}) {
    const window = windowOf(events, beside);
    const subjects = window.events.filter(isSubjectEvent).map(subjectOf);
    const wanted = subjects.filter(({ id }) => beside.targets?.includes(id) ?? true);
    const targets = new Set(wanted.map(subjectKey));
    const assessments = assessPayer(
      window,
      targets,
      beside.policy ?? policy,
      beside.codes ?? SPEC_CODES,
      {
        holdIdOf: specHoldId,
        ...(beside.signals === undefined ? {} : { signals: beside.signals }),
      },
    );
    return new Map(assessments.map((assessment) => [assessment.subject.id, assessment]));
  }

  function assessRow({ subject = transfer(), before = [], beside }: Omit<Row, 'db' | 'when'>) {
    const assessment = assess([...before, subject], beside).get(subjectOf(subject).id);
    if (assessment === undefined) throw new Error('the subject was not assessed');
    return assessment;
  }

  return {
    policy,
    assess,
    assessRow,
    verdictOf(row) {
      const { tier, lowered, reasons } = assessRow(row);
      return {
        tier,
        ...(row.lowered === undefined ? {} : { lowered }),
        ...(row.heldWith === undefined
          ? {}
          : { heldWith: reasons.some((reason) => reason.code === 'HELD_WITH') }),
      };
    },
    decibansOf(code, row) {
      const found = assessRow(row).reasons.filter((reason) => reason.code === code);
      if (found.length > 1) throw new Error(`${code} is given as a reason twice`);
      if (found[0]?.tenths === 0)
        throw new Error(`${code} is given as a reason and weighs nothing`);
      return (found[0]?.tenths ?? 0) / 10;
    },
  };
}

export function windowOf(events: readonly PlatformEvent[], beside: Beside = {}): PayerWindow {
  const { recorded = [], payees = {}, habits, cut = [], listed = [], quiets } = beside;
  return {
    payerId: PAYER,
    events: [...events].sort(compareEvents),
    recorded: new Map(recorded.map((one) => [subjectKey(one.subject), one])),
    payees: byTransfer(events, (payeeId) => {
      const numbers = payees[payeeId];
      if (numbers === undefined) return undefined;
      return { readAt: NOON, newPayers24h: 0, fastCashOut: false, ...numbers };
    }),
    ...(habits === undefined ? {} : { habits: byTransfer(events, (payeeId) => habits[payeeId]) }),
    cut,
    windowTruncated: beside.truncated ?? cut.length > 0,
    listedPayees: new Set(listed),
    ...(quiets === undefined ? {} : { quiets }),
  };
}

/** What is known of payees, by the transfers to them. */
function byTransfer<T>(
  events: readonly PlatformEvent[],
  knownOf: (payeeId: string) => T | undefined,
): ReadonlyMap<string, T> {
  const known = new Map<string, T>();
  for (const event of events) {
    if (event.kind !== 'transfer.requested') continue;
    const value = knownOf(event.payee.accountId);
    if (value !== undefined) known.set(subjectKey(subjectOf(event)), value);
  }
  return known;
}

/** A subject on record as the engine would have left it. */
export function onRecord(
  event: SubjectEvent,
  tier: Tier,
  given: Partial<Pick<RecordedSubject, 'hold' | 'effect' | 'assessed'>> = {},
): RecordedSubject {
  const outcome = tier === 'T0' ? 'allow' : tier === 'T1' ? 'warn' : 'hold';
  return {
    subject: subjectOf(event),
    requestedAt: event.time,
    sequence: 1,
    effect: { outcome, tier, ownTier: tier },
    assessed: { outcome, tier, ownTier: tier, lowered: false },
    ...(outcome === 'hold'
      ? {
          hold: {
            holdId: specHoldId(subjectOf(event)),
            placedAt: event.time,
            dueAt: event.time + 15 * 60_000,
            ceilingAt: event.time + 72 * 3_600_000,
          },
        }
      : {}),
    ...given,
  };
}
