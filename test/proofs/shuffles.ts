/** What must come of a payer's events in whatever order they arrive (DESIGN, property 1; SCORING §4e). */
import { Replay } from '#application';
import { NODE_HASHING } from '#config';
import { defaultNotices } from '#contracts';
import {
  assessPayer,
  holdIdOf,
  isSubjectEvent,
  subjectEnds,
  subjectKey,
  subjectKeyOf,
  tierRank,
  type Assessment,
  type DecisionBody,
  type DecisionPersonal,
  type PayerWindow,
  type RecordedSubject,
  type SubjectRef,
  type Tier,
} from '#domain';
import { makeChance, type Chance } from '#testing';
import { CODES, POLICY, type Read, type Stream } from './streams.ts';

/** A decision as far as orders of arrival may be compared by it. */
export interface Made {
  readonly sequence: number;
  readonly outcome: string;
  readonly tier: Tier;
  readonly score: number;
  readonly reasons: readonly string[];
}

export interface Replayed {
  /** By `subjectKey`, in the order in which they were made. */
  readonly made: ReadonlyMap<string, readonly Made[]>;
  readonly recorded: ReadonlyMap<string, RecordedSubject>;
}

/** One event after the other as given; repeats are passed over. Throws where a subject is asked for with different content. */
export function replay(payerId: string, reads: readonly Read[]): Replayed {
  const settings = { policy: POLICY, notices: defaultNotices(), codeBook: CODES };
  const replaying = new Replay(settings, NODE_HASHING);
  const made = new Map<string, Made[]>();
  for (const { event, contentHash } of reads) {
    const result = replaying.offer(event, contentHash);
    if (result.kind === 'conflict') throw new Error(`conflict on ${event.id}`);
    if (result.kind === 'repeated') continue;
    for (const { type, body, personal } of result.entries) {
      if (type !== 'decision.made') continue;
      const decision = body as DecisionBody;
      const { subject } = personal as DecisionPersonal;
      const key = subjectKey({ ...subject, kind: decision.subjectKind });
      const { sequence, outcome, tier, score } = decision;
      const reasons = decision.reasons.map(({ code, tenths }) => `${code} ${tenths}`);
      const known = made.get(key) ?? [];
      made.set(key, [...known, { sequence, outcome, tier, score, reasons }]);
    }
  }
  return { made, recorded: replaying.recorded(payerId) };
}

const holdId = (subject: SubjectRef): string => holdIdOf(subject, NODE_HASHING.sha1);

/** Every subject assessed at once over all of the events, given what was told of it. */
function assessAll(
  { payerId, reads }: Stream,
  recorded: ReadonlyMap<string, RecordedSubject>,
): ReadonlyMap<string, Assessment> {
  const events = reads.map(({ event }) => event);
  const window: PayerWindow = {
    payerId,
    events,
    recorded,
    payees: new Map(),
    cut: [],
    windowTruncated: false,
    listedPayees: new Set(),
  };
  const targets = new Set(events.filter(isSubjectEvent).map(subjectKeyOf));
  const assessments = assessPayer(window, targets, POLICY, CODES, { holdIdOf: holdId });
  return new Map(assessments.map((one) => [subjectKey(one.subject), one]));
}

/** What of `arrivals`, any order of the stream's events, comes out wrong; nothing where all is well. */
export function findingsOfShuffle(stream: Stream, arrivals: readonly Read[]): readonly string[] {
  const { made, recorded } = replay(stream.payerId, arrivals);
  const events = stream.reads.map(({ event }) => event);
  const ends = subjectEnds(events, new Map(), holdId);
  const [whole, given] = [assessAll(stream, new Map()), assessAll(stream, recorded)];
  const findings: string[] = [];
  for (const subject of events.filter(isSubjectEvent)) {
    const key = subjectKeyOf(subject);
    const [record, all, now] = [recorded.get(key), whole.get(key), given.get(key)];
    if (record === undefined || all === undefined || now === undefined) {
      findings.push(`${key}: never decided`);
      continue;
    }
    findings.push(...findingsOfSequence(key, made.get(key) ?? []));
    const { tier, ownTier, lowered } = record.assessed;
    if (tier !== now.tier || ownTier !== now.ownTier || lowered !== now.lowered) {
      findings.push(`${key}: last assessed as ${tier}, over all events it is ${now.tier}`);
    }
    const open = ends.endOf(subject) === undefined;
    if (open && tierRank(record.effect.tier) < tierRank(all.tier)) {
      findings.push(`${key}: ${record.effect.tier} binds, over all events it is ${all.tier}`);
    }
  }
  return findings;
}

/** One first decision, then only stricter ones. */
function findingsOfSequence(key: string, made: readonly Made[]): readonly string[] {
  const inSequence = made.every(({ sequence }, index) => sequence === index + 1);
  const stricter = made.every(
    ({ tier }, index) => index === 0 || tierRank(tier) > tierRank(made[index - 1]?.tier ?? 'T0'),
  );
  return made.length > 0 && inSequence && stricter
    ? []
    : [`${key}: decided as ${made.map(({ sequence, tier }) => `${sequence} ${tier}`).join(', ')}`];
}

/** `anyhow`: every order is as likely. `late`: each event comes up to a quarter of an hour late. `topics`: each topic in order. */
export const SHUFFLES = ['anyhow', 'late', 'topics'] as const;
const LATE_MS_MAX = 900_000;

/** An order of arrival that follows from the seed. */
export function shuffled(reads: readonly Read[], seed: number): readonly Read[] {
  const chance = makeChance(seed);
  const kind = SHUFFLES[seed % SHUFFLES.length] ?? 'anyhow';
  if (kind === 'topics') return topicsInterleaved(reads, chance);
  const place = (read: Read): number =>
    kind === 'late' ? read.event.time + chance.below(LATE_MS_MAX) : chance.fraction();
  return reads
    .map((read) => ({ read, at: place(read) }))
    .sort((a, b) => a.at - b.at)
    .map(({ read }) => read);
}

function topicsInterleaved(reads: readonly Read[], chance: Chance): readonly Read[] {
  const feeds = [...Map.groupBy(reads, ({ event }) => event.kind.split('.')[0]).values()];
  const taken: Read[] = [];
  for (;;) {
    const waiting = feeds.filter((feed) => feed.length > 0);
    const next = waiting[chance.below(Math.max(1, waiting.length))]?.shift();
    if (next === undefined) return taken;
    taken.push(next);
  }
}
