/** What is said of a policy file before it decides about people. */
import { describe, expect, it } from '@jest/globals';
import type { Json } from '#domain';
import { lintPolicy } from './lint-policy.ts';
import { defaultPolicyText } from './read-policy.ts';

type Content = { [name: string]: Json };

/** The default with values at dotted paths replaced, one value a line. */
function changed(changes: Readonly<Record<string, Json>>): string {
  const content = JSON.parse(defaultPolicyText()) as Content;
  for (const [path, value] of Object.entries(changes)) {
    const names = path.split('.');
    const parent = names
      .slice(0, -1)
      .reduce<Content>((node, name) => node[name] as Content, content);
    parent[names.at(-1) as string] = value;
  }
  return JSON.stringify(content, null, 2);
}

const told = (text: string): string[] =>
  lintPolicy(text).map(({ level, path, message }) => `${level} ${path} ${message}`);

describe('the policy that comes with the program', () => {
  it('has nothing to be said of', () => {
    expect(lintPolicy(defaultPolicyText())).toEqual([]);
  });
});

describe('a policy that is taken', () => {
  const steps = (...decibans: readonly number[]): Json =>
    decibans.map((one, i) => ({ withinMinutes: 60 * (i + 1), decibans: one }));

  it.each<readonly [Readonly<Record<string, Json>>, string, string]>([
    [{ mode: 'shadow' }, 'mode', 'is shadow: nothing is held'],
    [
      { 'caps.CO': 14 },
      'signals.CO2.decibans',
      'is above the cap of its family (15 dB over 14): it never counts in full',
    ],
    [{ 'signals.CR2.decibans': 0 }, 'signals.CR2', 'weighs nothing: it is off'],
    [{ 'signals.M5.decibans': 0 }, 'signals.M5', 'weighs nothing: it is off'],
    [{ 'signals.CR2.decibans': 0.04 }, 'signals.CR2', 'weighs nothing: it is off'],
    [
      { 'signals.CR1.steps': steps(9, 14) },
      'signals.CR1.steps[1].decibans',
      'weighs more than that of a younger loan',
    ],
    [
      {
        'signals.CD1.byDigits': [
          { digits: 4, decibans: 23 },
          { digits: 5, decibans: 22 },
        ],
      },
      'signals.CD1.byDigits[1].decibans',
      'weighs less than that of a shorter code',
    ],
    [{ 'signals.DR5.highDecibans': 3 }, 'signals.DR5.highDecibans', 'is less than decibans (4)'],
    [
      { 'rules.drawPressure.minDecibans': 30 },
      'rules.drawPressure.minDecibans',
      'is where T3 begins anyway (30 dB): the rule does nothing',
    ],
    [
      { 'rules.smallAmounts.maxTier': 'T4', 'rules.smallAmounts.maxTierWithEvidence': 'T4' },
      'rules.smallAmounts.maxTier',
      'is T4: small amounts are not spared anything',
    ],
    [
      { 'fallbacks.signalFailed': 'T0' },
      'fallbacks.signalFailed',
      'is T0: a broken signal reads as no risk',
    ],
    [
      { 'pretexts.brands': ['amazon', 'Ａmazon'] },
      'pretexts.brands[1]',
      'is there twice: “Ａmazon” is “amazon”',
    ],
    [{ 'pretexts.words': ['退款 '] }, 'pretexts.words[0]', 'begins or ends with a space'],
    [
      { 'pretexts.words': ['款'] },
      'pretexts.words[0]',
      '“款” is one character: it is found in honest remarks',
    ],
    [
      { 'exemptions.payees': ['tax', 'mule'], listedPayees: ['mule'] },
      'exemptions.payees[1]',
      'is listed too: it is held all the same',
    ],
    [
      { 'codes.luckyAmounts': [88, 1314] },
      'codes.luckyAmounts[0]',
      'is below codes.minAmount (100): it is never looked at',
    ],
  ])('with %j is warned of %s', (changes, path, message) => {
    expect(told(changed(changes))).toContain(`warning ${path} ${message}`);
  });

  it('is not refused for it', () => {
    const findings = lintPolicy(changed({ mode: 'shadow', 'caps.CO': 1 }));
    expect(new Set(findings.map(({ level }) => level))).toEqual(new Set(['warning']));
    const lines = findings.map(({ line }) => line);
    expect(lines).toEqual(lines.toSorted((a, b) => a - b));
  });

  it('is warned of a stricter tier that waits less, wherever its durations stand', () => {
    const text = defaultPolicyText().replace('"minutes": 1440', '"minutes": 90');
    const [finding, ...more] = lintPolicy(text).filter(({ path }) => path.startsWith('holds'));
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ level: 'warning', message: "is shorter than T3's (120 min)" });
    expect(text.split('\n')[(finding?.line ?? 0) - 1]).toContain('"minutes": 90');
  });
});

describe('a policy that is refused', () => {
  it.each<readonly [Readonly<Record<string, Json>>, string]>([
    [{ 'tiers.T3': 20 }, 'error tiers.T3 must be greater than the one before (20)'],
    [{ 'signals.CR9': { decibans: 1 } }, 'error signals.CR9 is not a key of a policy'],
    [{ 'pretexts.words': ['退款', '退款'] }, 'error pretexts.words[1] is there twice'],
    [{ 'caps.CR': '26' }, 'error caps.CR must be number'],
  ])('for %j', (changes, expected) => {
    expect(told(changed(changes))).toEqual([expected]);
  });

  it('says what the place is about', () => {
    const [finding] = lintPolicy(changed({ 'signals.CR1.sharePercent': -1 }));
    expect(finding?.about).toBe(
      'money just borrowed is sent on; least share of the amount that is borrowed',
    );
  });

  it('is told of what is no JSON', () => {
    expect(told('{')).toEqual(['error  expected a string in double quotes']);
  });
});
