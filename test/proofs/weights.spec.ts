/** Nothing hangs on the last decibel: with every weight 30 % wrong the scams are still held and honest people are not. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Replay } from '#application';
import { NODE_HASHING } from '#config';
import { defaultNotices } from '#contracts';
import {
  tierRank,
  type DecisionBody,
  type DecisionPersonal,
  type Policy,
  type Tier,
} from '#domain';
import { makeChance } from '#testing';
import { describeWithShared, sharedPath } from '../shared.ts';
import { CODES, POLICY, caseLines, readAll, type Read } from './streams.ts';
import { jittered, reweighed, weightPaths } from './weights.ts';

interface Expected {
  readonly kind: string;
  readonly id: string;
  readonly outcome: string;
  readonly tierMin: Tier;
}

/** The last tier of each subject, by kind and id. */
function tiersOf(reads: readonly Read[], policy: Policy): ReadonlyMap<string, Tier> {
  const settings = { policy, notices: defaultNotices(), codeBook: CODES };
  const replaying = new Replay(settings, NODE_HASHING);
  const tiers = new Map<string, Tier>();
  for (const { event, contentHash } of reads) {
    const result = replaying.offer(event, contentHash);
    if (result.kind !== 'taken') throw new Error(`${event.id} is ${result.kind}`);
    for (const { type, body, personal } of result.entries) {
      if (type !== 'decision.made') continue;
      const { subjectKind, tier } = body as DecisionBody;
      tiers.set(`${subjectKind} ${(personal as DecisionPersonal).subject.id}`, tier);
    }
  }
  return tiers;
}

/** Of each weight, either way. */
const SHARE = 0.3;
const SEEDS = [1, 2, 3, 4, 5];
const MORE_SEEDS = Array.from({ length: 30 }, (_, index) => 1_001 + index);

const isHeld = (tier: Tier | undefined): boolean => tierRank(tier ?? 'T0') >= tierRank('T2');

describeWithShared('with every weight off by up to 30 %', () => {
  const file = sharedPath('cases', 'expected.json');
  const expected = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, readonly Expected[]>>)
    : {};
  const cases = [...caseLines()].map(([name, lines]) => ({
    name,
    reads: readAll(lines),
    expected: expected[name] ?? [],
    isScam: !/^l\d+$/.test(name),
  }));
  const scams = cases.filter(({ isScam }) => isScam);
  const honest = cases.filter(({ isScam }) => !isScam);

  /** Scam cases of which a payment that must be held is not, and honest ones of which one is at T3 or above. */
  function failing(seed: number): { readonly missed: string[]; readonly high: string[] } {
    const policy = jittered(POLICY, SHARE, makeChance(seed));
    const missed = scams.filter((one) => {
      const tiers = tiersOf(one.reads, policy);
      return one.expected.some(
        ({ kind, id, outcome }) => outcome === 'hold' && !isHeld(tiers.get(`${kind} ${id}`)),
      );
    });
    const high = honest.filter(({ reads }) =>
      [...tiersOf(reads, policy).values()].some((tier) => tierRank(tier) >= tierRank('T3')),
    );
    return { missed: missed.map(({ name }) => name), high: high.map(({ name }) => name) };
  }

  it('are 14 scams and 12 honest ones', () => {
    expect([scams.length, honest.length]).toEqual([14, 12]);
  });

  it.each(SEEDS)('seed %i: at least 90 % of the scams are held, no honest one at T3', (seed) => {
    const { missed, high } = failing(seed);
    expect(missed.length * 10).toBeLessThanOrEqual(scams.length);
    expect(high).toEqual([]);
  });

  /** D-066: one honest case lies 5 dB below T3, and three weights that speak for it are one. */
  it('over many seeds never less than 90 %, and honest ones at T3 less than once in 100', () => {
    const found = MORE_SEEDS.map(failing);
    expect(found.filter(({ missed }) => missed.length * 10 > scams.length)).toEqual([]);
    const high = found.flatMap((one) => one.high);
    expect(high.length * 100).toBeLessThan(honest.length * MORE_SEEDS.length);
    expect([...new Set(high)]).toEqual(high.length === 0 ? [] : ['l05']);
  });

  it('weights do matter: without any, no scam is held', () => {
    const nothing = reweighed(POLICY, () => 0);
    const tiers = cases.flatMap(({ reads }) => [...tiersOf(reads, nothing).values()]);
    expect(tiers.some(isHeld)).toBe(false);
  });
});

describe('a policy is named by what it says', () => {
  const paths = weightPaths(POLICY);

  it.each(paths)('another weight at %s is another policy', (path) => {
    const other = reweighed(POLICY, (decibans, at) => (at === path ? decibans * 1.01 : decibans));
    expect(other.digest).not.toBe(POLICY.digest);
    expect(other.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it('the same weights are the same one', () => {
    expect(reweighed(POLICY, (decibans) => decibans).digest).toBe(POLICY.digest);
    expect(paths.length).toBeGreaterThan(40);
  });
});
