import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { canonicalJson, type Json } from '#domain';
import { defaultPolicy, readPolicy, type PolicyProblem } from './read-policy.ts';

const TEXT = readFileSync(new URL('./default-policy.json', import.meta.url), 'utf8');

type Content = { [name: string]: Json };

/** The default with the value at a path replaced, laid out with one value a line. */
function changed(path: readonly string[], value: unknown): string {
  const content = JSON.parse(TEXT) as Content;
  const parents = path.slice(0, -1);
  const parent = parents.reduce<Content>((node, name) => node[name] as Content, content);
  const name = path.at(-1) as string;
  if (value === undefined) delete parent[name];
  else parent[name] = value as Json;
  return JSON.stringify(content, null, 2);
}

function problems(text: string): readonly PolicyProblem[] {
  const file = readPolicy(text);
  return file.ok ? [] : file.problems;
}

describe('the default policy', () => {
  it('is read from beside the code and is what SCORING says', () => {
    const policy = defaultPolicy();
    expect(policy).toMatchObject({ id: 'lengjing-cn', tiers: { T1: 13, T2: 20, T3: 30, T4: 40 } });
    expect(policy.signals.CR1.steps.map(({ decibans }) => decibans)).toEqual([14, 9, 5]);
    expect(defaultPolicy()).toBe(policy);
  });

  it('cannot be changed by whoever holds it', () => {
    const isFrozen = (value: unknown): boolean =>
      typeof value !== 'object' ||
      value === null ||
      (Object.isFrozen(value) && Object.values(value).every(isFrozen));
    expect(isFrozen(defaultPolicy())).toBe(true);
  });
});

describe('the digest', () => {
  it('is SHA-256 of the canonical JSON of the file', () => {
    const digest = hash('sha256', canonicalJson(JSON.parse(TEXT) as Json), 'hex');
    expect(defaultPolicy().digest).toBe(digest);
  });

  it('does not depend on layout or order, and depends on every number', () => {
    const reversed = Object.fromEntries(Object.entries(JSON.parse(TEXT) as Content).toReversed());
    const digestOf = (text: string): string => {
      const file = readPolicy(text);
      return file.ok ? file.policy.digest : 'refused';
    };
    expect(digestOf(JSON.stringify(reversed))).toBe(defaultPolicy().digest);
    expect(digestOf(`\ufeff${TEXT.replaceAll('\n', '\r\n')}`)).toBe(defaultPolicy().digest);
    expect(digestOf(changed(['caps', 'CR'], 26.1))).toMatch(/^[0-9a-f]{64}$/);
    expect(digestOf(changed(['caps', 'CR'], 26.1))).not.toBe(defaultPolicy().digest);
  });
});

describe('a policy file', () => {
  it.each([
    [['tiers', 'T2'], 13, 'tiers.T2', 'must be greater than the one before (13)'],
    [['tiers', 'T1'], '13', 'tiers.T1', 'must be number'],
    [['mode'], 'dry-run', 'mode', 'must be one of live, shadow'],
    [['mode'], undefined, 'mode', 'is missing'],
    [['signals', 'CR9'], { decibans: 1 }, 'signals.CR9', 'is not a key of a policy'],
    [['digest'], 'x', 'digest', 'is not a key of a policy'],
    [['signals', 'CR2', 'decibans'], -1, 'signals.CR2.decibans', 'must be >= 0'],
    [['signals', 'M1', 'decibans'], 40, 'signals.M1.decibans', 'must be <= 0'],
    [
      ['signals', 'CR1', 'steps', '1', 'withinMinutes'],
      60,
      'signals.CR1.steps[1].withinMinutes',
      'must be greater than the one before (60)',
    ],
    [
      ['signals', 'CD1', 'byDigits', '2', 'digits'],
      5,
      'signals.CD1.byDigits[2].digits',
      'must be greater than the one before (5)',
    ],
    [
      ['signals', 'CD2', 'byDigits'],
      [],
      'signals.CD2.byDigits',
      'must NOT have fewer than 1 items',
    ],
    [
      ['signals', 'DR1', 'highSharePercent'],
      40,
      'signals.DR1.highSharePercent',
      'must not be less than sharePercent (50)',
    ],
    [
      ['signals', 'DR5', 'highAmount'],
      1999,
      'signals.DR5.highAmount',
      'must not be less than minAmount (2000)',
    ],
    [['caps', 'CD'], 0, 'caps.CD', 'must be > 0'],
    [
      ['windows', 'poolHours'],
      73,
      'windows.poolHours',
      'must not be more than windows.evidenceHours (72)',
    ],
    [
      ['windows', 'episodeHours'],
      73,
      'windows.episodeHours',
      'must not be more than windows.evidenceHours (72)',
    ],
    [['windows', 'maxEvents'], 1e9, 'windows.maxEvents', 'must be <= 5000'],
    [['windows', 'skewSeconds'], 2.5, 'windows.skewSeconds', 'must be integer'],
    [
      ['holds', 'CN', 'durations', 'T4', 'minutes'],
      4321,
      'holds.CN.durations.T4.minutes',
      'must not be more than the ceiling (4320)',
    ],
    [
      ['holds', 'CN', 'expiryAction', 'T2'],
      'allow',
      'holds.CN.expiryAction.T2',
      'must be one of reconfirm, release, reject',
    ],
    [
      ['rules', 'smallAmounts', 'maxTierWithEvidence'],
      'T0',
      'rules.smallAmounts.maxTierWithEvidence',
      'must not be milder than maxTier (T1)',
    ],
    [
      ['catalogue', '1', 'product'],
      'jiebei',
      'catalogue[1]',
      'names a lender and product that were named before',
    ],
    [
      ['codes', 'priceEndings', '0'],
      '999',
      'codes.priceEndings[0]',
      'must match pattern "^[0-9]{2}$"',
    ],
    [
      ['fallbacks', 'inputRefused'],
      null,
      'fallbacks.inputRefused',
      'must be one of T0, T1, T2, T3, T4',
    ],
  ] as const)('with %j %j is refused at %s', (path, value, at, message) => {
    const text = changed(path, value);
    const found = problems(text);
    expect(found.map((problem) => `${problem.path} ${problem.message}`)).toContain(
      `${at} ${message}`,
    );
    const problem = found.find((one) => one.path === at) as PolicyProblem;
    // One value a line, so the line names the last part of the path (or opens what it is missing from or an item of it).
    const line = text.split('\n')[problem.line - 1] ?? '';
    const last = path.at(-1) as string;
    expect(
      value === undefined ||
        /^\d+$/.test(last) ||
        line.includes(`"${last}"`) ||
        line.trim() === '{',
    ).toBe(true);
  });

  it('is told all of its problems in the order of the file', () => {
    const text = changed(['caps', 'CR'], -1)
      .replace('"live"', '"on"')
      .replace('"T4": 40', '"T4": "x"');
    expect(problems(text).map(({ path }) => path)).toEqual(['mode', 'tiers.T4', 'caps.CR']);
    const lines = problems(text).map(({ line }) => line);
    expect(lines).toEqual(lines.toSorted((a, b) => a - b));
  });

  it.each([
    ['', 'expected a value'],
    ['[]', 'must be object'],
    ['null', 'must be object'],
    [TEXT.replace('"mode": "live",', '"mode": "live", "mode": "shadow",'), 'is there twice'],
    [TEXT.slice(0, -3), 'expected "," or "}"'],
    [`"${'x'.repeat(1024 * 1024)}"`, 'is larger than 1048576 bytes'],
  ])('that is no policy at all is refused with one problem', (text, message) => {
    expect(problems(text).map((problem) => problem.message)).toEqual([message]);
  });

  it('of a megabyte with a long list is read and judged quickly', () => {
    const payees = Array.from({ length: 30_000 }, (_, i) => `account-${i}`);
    const file = readPolicy(changed(['listedPayees'], payees));
    expect(file.ok && file.policy.listedPayees.length).toBe(30_000);
    expect(problems(changed(['listedPayees'], [...payees, 'account-0']))).toMatchObject([
      { path: 'listedPayees[30000]', message: 'is there twice' },
    ]);
  });
});
