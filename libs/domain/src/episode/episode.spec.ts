/** Which holds are one case: by time alone, whatever session or phone they came from. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RecordedSubject } from '../evidence/payer-window.ts';
import { DAY_MS, HOUR_MS } from '../kernel/instant.ts';
import { holdIdOf } from '../subject/ids.ts';
import { caseIdOf, caseJoined, caseMembers, type CaseMember } from './episode.ts';

const sha1 = (bytes: Uint8Array): Uint8Array => createHash('sha1').update(bytes).digest();
const NOON = Date.UTC(2016, 8, 19, 4);
const GAP = DAY_MS;

/** A member requested so many hours before noon, held for so many hours. */
const member = (caseId: string, hoursAgo: number, heldHours = 0): CaseMember => ({
  caseId,
  requestedAt: NOON - hoursAgo * HOUR_MS,
  heldUntil: NOON - (hoursAgo - heldHours) * HOUR_MS,
});

interface Row {
  readonly when: string;
  readonly members: readonly CaseMember[];
  readonly joins: string | undefined;
}

describe('a held subject', () => {
  it.each<Row>([
    { when: 'nothing was held before', members: [], joins: undefined },
    { when: 'one was held an hour ago', members: [member('a', 1)], joins: 'a' },
    { when: 'one was held at the same moment', members: [member('a', 0)], joins: 'a' },
    { when: 'one was held exactly a day ago', members: [member('a', 24)], joins: 'a' },
    {
      when: 'one was held a day and a millisecond ago',
      members: [{ caseId: 'a', requestedAt: NOON - DAY_MS - 1, heldUntil: NOON - DAY_MS }],
      joins: undefined,
    },
    {
      when: 'one was held two days ago and is held still',
      members: [member('a', 48, 72)],
      joins: 'a',
    },
    {
      when: 'the hold of two days ago ended this very moment',
      members: [member('a', 48, 48)],
      joins: 'a',
    },
    {
      when: 'the hold of two days ago ended an hour ago',
      members: [member('a', 48, 47)],
      joins: undefined,
    },
    {
      when: 'two cases are within reach, the latest',
      members: [member('b', 2), member('a', 20)],
      joins: 'b',
    },
    {
      when: 'a chain reaches back over days, hold by hold',
      members: [member('a', 60), member('a', 40), member('a', 20)],
      joins: 'a',
    },
    {
      when: 'late evidence holds it and one was held three hours later',
      members: [member('later', -3)],
      joins: 'later',
    },
    {
      when: 'late evidence holds it between two cases, the earlier one',
      members: [member('later', -3), member('earlier', 20)],
      joins: 'earlier',
    },
    {
      when: 'the first of several later ones',
      members: [member('second', -9), member('first', -3)],
      joins: 'first',
    },
    {
      when: 'the next one came a day and more later',
      members: [member('a', -25)],
      joins: undefined,
    },
    {
      when: 'a later one is out of reach though its hold is long',
      members: [member('a', -30, 72)],
      joins: undefined,
    },
  ])('joins $joins where $when', ({ members, joins }) => {
    expect(caseJoined(members, NOON, GAP)).toBe(joins);
  });

  it('joins the same case in whatever order the others are told', () => {
    const hours = fc.uniqueArray(fc.integer({ min: -80, max: 80 }), { maxLength: 8 });
    fc.assert(
      fc.property(hours, fc.infiniteStream(fc.nat(72)), (times, held) => {
        const members = times.map((ago) => member(`case ${ago}`, ago, held.next().value ?? 0));
        const joined = caseJoined(members, NOON, GAP);
        expect(caseJoined(members.toReversed(), NOON, GAP)).toBe(joined);
        const near = members.some(({ requestedAt }) => Math.abs(requestedAt - NOON) <= GAP);
        if (near) expect(joined).toBeDefined();
      }),
    );
  });
});

describe('members', () => {
  const record = (given: Partial<RecordedSubject>): RecordedSubject => ({
    subject: { source: 'urn:test', kind: 'transfer', id: 't' },
    requestedAt: NOON,
    sequence: 1,
    effect: { outcome: 'hold', tier: 'T3' },
    assessed: { outcome: 'hold', tier: 'T3', ownTier: 'T3', lowered: false },
    ...given,
  });
  const hold = { holdId: 'h', placedAt: NOON, dueAt: NOON + 1, ceilingAt: NOON + 3 * DAY_MS };

  it('are subjects with a case, open at most until the ceiling or the end', () => {
    const ended = { at: NOON + 5, end: 'released', actor: 'payer' } as const;
    expect(
      caseMembers([
        record({}),
        record({ caseId: 'shadow' }),
        record({ caseId: 'open', hold }),
        record({ caseId: 'over', hold: { ...hold, ended } }),
      ]),
    ).toEqual([
      { caseId: 'shadow', requestedAt: NOON, heldUntil: NOON },
      { caseId: 'open', requestedAt: NOON, heldUntil: NOON + 3 * DAY_MS },
      { caseId: 'over', requestedAt: NOON, heldUntil: NOON + 5 },
    ]);
  });
});

describe('the id of a case', () => {
  const opener = { source: 'urn:test', kind: 'transfer', id: 't-1' } as const;

  it('follows from the subject that opened it and is not the hold’s', () => {
    expect(caseIdOf(opener, sha1)).toBe(caseIdOf({ ...opener }, sha1));
    expect(caseIdOf(opener, sha1)).not.toBe(caseIdOf({ ...opener, id: 't-2' }, sha1));
    expect(caseIdOf(opener, sha1)).not.toBe(holdIdOf(opener, sha1));
  });
});
