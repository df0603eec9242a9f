/** The cases of the shared folder: what must come of the two reports, of scams and evasions, and of honest look-alikes. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { Replay, type Hashing } from '#application';
import { defaultNotices, defaultPolicy, makeCodeBook, readCodeKeys, readLine } from '#contracts';
import {
  assessPayer,
  compareEvents,
  holdIdOf,
  isSubjectEvent,
  subjectKey,
  subjectOf,
  tierRank,
  type Outcome,
  type PayerWindow,
  type PlatformEvent,
  type Tier,
} from '#domain';
import { describeWithShared, sharedPath } from '../shared.ts';

interface Expected {
  readonly kind: 'transfer' | 'draw';
  readonly id: string;
  readonly outcome: Outcome | 'not-hold' | 'any';
  readonly tierMin: Tier;
  readonly tierMax: Tier;
}

interface Decided {
  readonly outcome: Outcome;
  readonly tier: Tier;
}

interface Line {
  readonly event: PlatformEvent;
  readonly contentHash?: string;
}

const CODES = makeCodeBook(readCodeKeys({ LENGJING_CODE_KEY: 'lengjing-acceptance-key' }));
const POLICY = defaultPolicy();
const HASHING: Hashing = {
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  sha1: (bytes) => createHash('sha1').update(bytes).digest(),
  randomBytes,
};
const OUTCOMES: Readonly<Record<Expected['outcome'], readonly Outcome[]>> = {
  allow: ['allow'],
  warn: ['warn'],
  hold: ['hold'],
  'not-hold': ['allow', 'warn'],
  any: ['allow', 'warn', 'hold'],
};

function linesOf(file: string): readonly Line[] {
  const lines: Line[] = [];
  readFileSync(sharedPath('cases', file), 'utf8')
    .split('\n')
    .forEach((text, index) => {
      const read = readLine(text, index + 1);
      if (read.kind === 'refused') throw new Error(`${file}, ${read.reason}`);
      if (read.kind === 'event') lines.push(read);
    });
  return lines;
}

/** The assessment of every subject over all events of its payer, by kind and id. */
function assessed(lines: readonly Line[]): Map<string, Decided> {
  const found = new Map<string, Decided>();
  const payers = new Set(lines.map(({ event }) => event.payer.accountId));
  for (const payerId of payers) {
    const events = lines
      .map(({ event }) => event)
      .filter((event) => event.payer.accountId === payerId)
      .sort(compareEvents);
    const window: PayerWindow = {
      payerId,
      events,
      recorded: new Map(),
      payees: new Map(),
      cut: [],
      windowTruncated: false,
      listedPayees: new Set(),
    };
    const targets = new Set(events.filter(isSubjectEvent).map((one) => subjectKey(subjectOf(one))));
    const assessments = assessPayer(window, targets, POLICY, CODES, {
      holdIdOf: (subject) => holdIdOf(subject, HASHING.sha1),
    });
    for (const { subject, outcome, tier } of assessments) {
      found.set(`${subject.kind} ${subject.id}`, { outcome, tier });
    }
  }
  return found;
}

/** What `decision.made` says of a subject, as far as it matters here. */
interface Decision {
  readonly key: string;
  readonly sequence: number;
  readonly decided: Decided;
}

/** The decisions of a replay in the order in which they are made. */
function decisions(lines: readonly Line[]): readonly Decision[] {
  const replay = new Replay(
    { policy: POLICY, notices: defaultNotices(), codeBook: CODES },
    HASHING,
  );
  return lines.flatMap(({ event, contentHash }) => {
    const result = replay.offer(event, contentHash);
    if (result.kind !== 'taken') throw new Error(`an event was ${result.kind}`);
    return result.entries.flatMap(({ type, body, personal }) => {
      if (type !== 'decision.made') return [];
      const { id } = personal['subject'] as { readonly id: string };
      return [
        {
          key: `${body['subjectKind'] as string} ${id}`,
          sequence: body['sequence'] as number,
          decided: { outcome: body['outcome'] as Outcome, tier: body['tier'] as Tier },
        },
      ];
    });
  });
}

function check(expected: Expected, decided: Decided | undefined): void {
  expect(decided).toBeDefined();
  if (decided === undefined) return;
  expect(OUTCOMES[expected.outcome]).toContain(decided.outcome);
  expect(tierRank(decided.tier)).toBeGreaterThanOrEqual(tierRank(expected.tierMin));
  expect(tierRank(decided.tier)).toBeLessThanOrEqual(tierRank(expected.tierMax));
}

/** Where the folder is missing the specs are named all the same, and skipped. */
function expectations(): Readonly<Record<string, readonly Expected[]>> {
  const file = sharedPath('cases', 'expected.json');
  if (!existsSync(file)) return { 'every case': [] };
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, readonly Expected[]>;
}

describeWithShared('the shared cases', () => {
  const all = expectations();
  const names = Object.keys(all);

  it('have a file for each expectation and an expectation for each file', () => {
    const files = readdirSync(sharedPath('cases')).filter((file) => file.endsWith('.jsonl'));
    expect(files.map((file) => file.replace('.jsonl', '')).sort()).toEqual([...names].sort());
  });

  it.each(names)('%s, assessed over all of its events', (name) => {
    const found = assessed(linesOf(`${name}.jsonl`));
    for (const expected of all[name] ?? [])
      check(expected, found.get(`${expected.kind} ${expected.id}`));
  });

  it.each(names)('%s, replayed: the last decision', (name) => {
    const last = new Map(
      decisions(linesOf(`${name}.jsonl`)).map(({ key, decided }) => [key, decided]),
    );
    for (const expected of all[name] ?? [])
      check(expected, last.get(`${expected.kind} ${expected.id}`));
  });

  it.each(names)(
    '%s, replayed: each subject is decided once first, then only more strictly',
    (name) => {
      const lines = linesOf(`${name}.jsonl`);
      const bySubject = Map.groupBy(decisions(lines), (one) => one.key);
      const subjects = lines
        .map(({ event }) => event)
        .filter(isSubjectEvent)
        .map(subjectOf);
      expect([...bySubject.keys()].sort()).toEqual(
        subjects.map(({ kind, id }) => `${kind} ${id}`).sort(),
      );
      for (const made of bySubject.values()) {
        expect(made.map((one) => one.sequence)).toEqual(made.map((_one, i) => i + 1));
        const tiers = made.map((one) => tierRank(one.decided.tier));
        expect(tiers).toEqual([...new Set(tiers)].sort((a, b) => a - b));
      }
    },
  );
});
