/** Rule (e): the effect is the strictest assessment made while stoppable. And rule (f): refused input. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { transfer } from '../testing/events.ts';
import { makeScorer, onRecord } from '../testing/scorer.ts';
import { OUTCOME_OF_TIER, TIERS, tierRank } from './assessment.ts';
import { decideEffect } from './effect.ts';
import { refusedInput } from './refused-input.ts';

const { policy } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);

describe('the effect', () => {
  it.each(TIERS.flatMap((tier) => [true, false].map((stoppable) => [tier, stoppable] as const)))(
    'of a first assessment of %s, stoppable %p, is a decision',
    (tier, stoppable) => {
      expect(decideEffect(undefined, { tier }, stoppable)).toBe('first');
    },
  );

  it.each(TIERS.flatMap((told) => TIERS.map((now) => [told, now] as const)))(
    'told %s, now %s',
    (told, now) => {
      const record = onRecord(transfer(), told);
      const stricter = tierRank(now) > tierRank(told);
      expect(decideEffect(record, { tier: now }, true)).toBe(stricter ? 'stricter' : 'none');
      expect(decideEffect(record, { tier: now }, false)).toBe('none');
    },
  );

  it('is compared with what was told, not with what was assessed since', () => {
    const record = onRecord(transfer(), 'T3', {
      assessed: { outcome: 'allow', tier: 'T0', ownTier: 'T0', lowered: false },
    });
    expect(decideEffect(record, { tier: 'T2' }, true)).toBe('none');
    expect(decideEffect(record, { tier: 'T4' }, true)).toBe('stricter');
  });
});

describe('refused input', () => {
  it('is T1 by default, with its reason', () => {
    expect(refusedInput(policy)).toMatchObject({
      score: 0,
      tier: 'T1',
      outcome: 'warn',
      reasons: [{ code: 'INPUT_REFUSED', tenths: 0 }],
    });
  });

  it.each(TIERS)('is what the policy says: %s', (tier) => {
    const other = { ...policy, fallbacks: { ...policy.fallbacks, inputRefused: tier } };
    expect(refusedInput(other)).toMatchObject({ tier, outcome: OUTCOME_OF_TIER[tier] });
  });
});
