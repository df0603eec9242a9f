/** SCORING §1 and DESIGN property 1: an assessment depends on the set of events, not on the order in which they arrive. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isSubjectEvent, type PlatformEvent, type SubjectEvent } from '../event/event.ts';
import { compareEvents } from '../event/order.ts';
import type { RecordedSubject } from '../evidence/payer-window.ts';
import { subjectEnds } from '../evidence/subject-ends.ts';
import { SECOND_MS } from '../kernel/instant.ts';
import type { Policy } from '../policy/policy.ts';
import { subjectKey, subjectOf } from '../subject/subject.ts';
import { SPEC_CODES, makeScorer, onRecord, specHoldId, windowOf } from '../testing/scorer.ts';
import { STEP_KINDS, streamOf, type Step, type StepKind } from '../testing/streams.ts';
import { affectedSubjects } from './affected.ts';
import { assessPayer } from './assess-payer.ts';
import { tierRank, type Assessment } from './assessment.ts';
import { decideEffect } from './effect.ts';

const { policy } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
/** As the default policy, but nothing is ever held: then no assessment depends on what was told before. */
const HOLDS_NOTHING: Policy = {
  ...policy,
  tiers: { T1: 13, T2: 1e6, T3: 1e6, T4: 1e6 },
  rules: {
    ...policy.rules,
    drawPressure: { ...policy.rules.drawPressure, minDecibans: 1e6 },
  },
};
const LISTED = ['mule'];
/** fast-check prints seed and path of what fails; another seed tries other streams. */
const SEED = 20_261_124;

function streams(kinds: readonly StepKind[], max = 20): fc.Arbitrary<PlatformEvent[]> {
  const step: fc.Arbitrary<Step> = fc.record({
    kind: fc.oneof(
      { weight: 1, arbitrary: fc.constant<StepKind>('transfer') },
      { weight: 3, arbitrary: fc.constantFrom(...kinds) },
    ),
    gap: fc.nat(11),
    payee: fc.nat(8),
    amount: fc.nat(12),
    session: fc.nat(2),
    product: fc.nat(2),
    which: fc.nat(8),
    variant: fc.nat(26),
  });
  return fc.array(step, { minLength: 3, maxLength: max }).map(streamOf);
}

/** A stream and an order in which its events arrive. */
const arriving = (kinds: readonly StepKind[]) =>
  streams(kinds).chain((events) =>
    fc.tuple(
      fc.constant(events),
      fc.shuffledSubarray(events, { minLength: events.length, maxLength: events.length }),
    ),
  );

/** One way to write an assessment down: comparing texts is much faster than comparing records, and shows as much. */
const text = (assessment: Assessment | undefined): string => JSON.stringify(assessment);

const keyOf = (event: SubjectEvent): string => subjectKey(subjectOf(event));

/** Every subject assessed at once over all of the events, nothing on record. */
function assessAll(events: readonly PlatformEvent[], of: Policy): Map<string, Assessment> {
  const window = windowOf(events, { listed: LISTED });
  const targets = new Set(window.events.filter(isSubjectEvent).map(keyOf));
  const options = { holdIdOf: specHoldId };
  const assessments = assessPayer(window, targets, of, SPEC_CODES, options);
  return new Map(assessments.map((one) => [subjectKey(one.subject), one]));
}

interface Arrived {
  /** The last assessment of each subject. */
  readonly last: ReadonlyMap<string, Assessment>;
  readonly recorded: ReadonlyMap<string, RecordedSubject>;
}

/** One event after the other as they arrive; what `affectedSubjects` names is assessed again. */
function assessArriving(arrivals: readonly PlatformEvent[], of: Policy): Arrived {
  const last = new Map<string, Assessment>();
  const recorded = new Map<string, RecordedSubject>();
  const known: PlatformEvent[] = [];
  for (const event of arrivals) {
    known.push(event);
    const window = { ...windowOf(known, { listed: LISTED }), recorded };
    const subjects = window.events.filter(isSubjectEvent);
    const ends = subjectEnds(window.events, recorded, specHoldId);
    const targets = affectedSubjects(subjects, (key) => recorded.has(key), [event], ends, of);
    if (isSubjectEvent(event)) targets.add(keyOf(event));
    if (targets.size === 0) continue;
    const options = { holdIdOf: specHoldId };
    for (const assessment of assessPayer(window, targets, of, SPEC_CODES, options)) {
      const key = subjectKey(assessment.subject);
      last.set(key, assessment);
      const subject = subjects.find((one) => keyOf(one) === key);
      if (subject === undefined) throw new Error('assessed what is not there');
      const stoppable = ends.endOf(subject) === undefined;
      recorded.set(key, recordAfter(recorded.get(key), subject, assessment, stoppable));
    }
  }
  return { last, recorded };
}

/** What the engine keeps of an assessment. */
function recordAfter(
  before: RecordedSubject | undefined,
  subject: SubjectEvent,
  assessment: Assessment,
  stoppable: boolean,
): RecordedSubject {
  const { outcome, tier, ownTier, lowered } = assessment;
  const assessed = { outcome, tier, ownTier, lowered };
  const effect = decideEffect(before, assessment, stoppable);
  if (before !== undefined && effect === 'none') return { ...before, assessed };
  return onRecord(subject, tier, {
    ...(before === undefined ? {} : before),
    effect: { outcome, tier, ownTier },
    assessed,
    ...(before?.hold === undefined ? {} : { hold: before.hold }),
  });
}

/** Answers and matches count for what can still be stopped; outcomes say what can. The two are tried apart. */
const LATE: readonly StepKind[] = ['matched', 'yes'];
const OUTCOMES: readonly StepKind[] = ['outcome', 'payout', 'draw cancelled'];
const withoutLate = STEP_KINDS.filter((kind) => !LATE.includes(kind));
const withoutOutcomes = STEP_KINDS.filter((kind) => !OUTCOMES.includes(kind));

describe('the order of events', () => {
  it('is total, and the same from wherever one begins', () => {
    fc.assert(
      fc.property(arriving(STEP_KINDS), ([events, arrivals]) => {
        const sorted = [...arrivals].sort(compareEvents);
        expect(sorted).toEqual([...events].sort(compareEvents));
        sorted.slice(1).forEach((event, i) => {
          expect(compareEvents(sorted[i] ?? event, event)).toBeLessThan(0);
          expect(compareEvents(event, sorted[i] ?? event)).toBeGreaterThan(0);
        });
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  it('takes equal times as context, draws, transfers, then source, then id', () => {
    const [context, draw, paid, other, last] = [
      ['session.observed', 'z', '9'],
      ['credit.drawn', 'y', '8'],
      ['transfer.settled', 'a', '1'],
      ['transfer.requested', 'a', '2'],
      ['transfer.requested', 'b', '0'],
    ].map(([kind, source, id]) => ({ kind, source, id, time: 5 }) as PlatformEvent);
    const shuffled = [last, other, paid, draw, context] as PlatformEvent[];
    expect([...shuffled].sort(compareEvents)).toEqual([context, draw, paid, other, last]);
  });
});

describe('for any order of arrival the last assessment is that over all events', () => {
  it.each([
    ['without late evidence', withoutLate],
    ['without outcomes', withoutOutcomes],
  ])('%s', (_title, kinds) => {
    let compared = 0;
    fc.assert(
      fc.property(arriving(kinds), ([events, arrivals]) => {
        const all = assessAll(events, HOLDS_NOTHING);
        const { last, recorded } = assessArriving(arrivals, HOLDS_NOTHING);
        expect(last.size).toBe(all.size);
        for (const [key, assessment] of all) {
          expect(text(last.get(key))).toBe(text(assessment));
          expect(recorded.get(key)?.assessed.lowered).toBe(assessment.lowered);
          compared += 1;
        }
      }),
      { seed: SEED, numRuns: 1200 },
    );
    expect(compared).toBeGreaterThan(2500);
  });
});

describe('for any order of arrival the effect is at least as strict', () => {
  it.each([
    ['without late evidence', withoutLate],
    ['without outcomes', withoutOutcomes],
    ['with both', STEP_KINDS],
  ])('%s', (_title, kinds) => {
    let held = 0;
    fc.assert(
      fc.property(arriving(kinds), ([events, arrivals]) => {
        const ends = subjectEnds(events, new Map(), specHoldId);
        const open = events.filter(isSubjectEvent).filter((one) => ends.endOf(one) === undefined);
        const all = assessAll(events, policy);
        const { recorded } = assessArriving(arrivals, policy);
        for (const key of open.map(keyOf)) {
          const [told, now] = [recorded.get(key)?.effect.tier, all.get(key)?.tier];
          if (told === undefined || now === undefined) throw new Error('not assessed');
          expect(tierRank(told)).toBeGreaterThanOrEqual(tierRank(now));
          if (tierRank(told) >= 2) held += 1;
        }
      }),
      { seed: SEED, numRuns: 500 },
    );
    expect(held).toBeGreaterThan(200);
  });
});

describe('what comes later', () => {
  const countsLater = (event: PlatformEvent): boolean =>
    event.kind === 'code.matched' ||
    (event.kind === 'payer.responded' && event.answer === 'coached_yes');
  const isOutcome = (event: PlatformEvent): boolean =>
    /^transfer\.(settled|failed|cancelled)$|^credit\.draw(n|-cancelled)$/.test(event.kind);

  it('than 5 s after a subject does not count for it, but for late evidence while it can be stopped', () => {
    fc.assert(
      fc.property(streams(STEP_KINDS), (events) => {
        const all = assessAll(events, policy);
        for (const subject of events.filter(isSubjectEvent)) {
          const until = subject.time + 5 * SECOND_MS;
          const counting = events.filter(
            (event) => event.time <= until || countsLater(event) || isOutcome(event),
          );
          expect(text(assessAll(counting, policy).get(keyOf(subject)))).toBe(
            text(all.get(keyOf(subject))),
          );
        }
      }),
      { seed: SEED, numRuns: 400 },
    );
  });

  it('in the order of transfers does not count for a transfer, whatever its time', () => {
    fc.assert(
      fc.property(streams(STEP_KINDS), (events) => {
        const all = assessAll(events, policy);
        for (const subject of events) {
          if (subject.kind !== 'transfer.requested') continue;
          const counting = events.filter(
            (event) => event.kind !== 'transfer.requested' || compareEvents(event, subject) <= 0,
          );
          expect(text(assessAll(counting, policy).get(keyOf(subject)))).toBe(
            text(all.get(keyOf(subject))),
          );
        }
      }),
      { seed: SEED, numRuns: 400 },
    );
  });

  it('as a repeat of a request is the same subject', () => {
    fc.assert(
      fc.property(streams(STEP_KINDS), fc.nat(), (events, which) => {
        const subjects = events.filter(isSubjectEvent);
        const subject = subjects[which % Math.max(1, subjects.length)];
        fc.pre(subject !== undefined);
        const repeat: PlatformEvent = { ...subject, id: `${subject.id}-again` };
        expect([...assessAll([...events, repeat], policy)].map(verdictOf)).toEqual(
          [...assessAll(events, policy)].map(verdictOf),
        );
      }),
      { seed: SEED, numRuns: 400 },
    );
  });
});

/** All but the names of evidence: of two events that say the same either may be named. */
function verdictOf([key, { score, tier, reasons }]: readonly [string, Assessment]) {
  return [key, score, tier, reasons.map(({ code, tenths }) => [code, tenths])];
}

describe('an assessment', () => {
  it('has reasons that sum to S and come strongest first, whatever happened', () => {
    fc.assert(
      fc.property(streams(STEP_KINDS), (events) => {
        for (const { reasons, score } of assessAll(events, policy).values()) {
          expect(reasons.reduce((sum, reason) => sum + reason.tenths, 0)).toBe(score);
          const sizes = reasons.map((reason) => Math.abs(reason.tenths));
          expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
        }
      }),
      { seed: SEED, numRuns: 400 },
    );
  });
});
