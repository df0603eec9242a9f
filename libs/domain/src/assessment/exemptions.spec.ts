/** Exemptions are the policy's last word: never held, at most warned of; never a person, never a listed payee. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Payee } from '../event/event.ts';
import { MINUTE_MS } from '../kernel/instant.ts';
import {
  INSTITUTION,
  LENDER,
  NEW,
  OWN,
  SHOP,
  ago,
  call,
  drawn,
  transfer,
} from '../testing/events.ts';
import { makeScorer, type Beside } from '../testing/scorer.ts';
import { weigh } from './weigh.ts';
import type { Tier } from './assessment.ts';

const { assessRow, policy } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);

/** First loan of a life, minutes ago, on the phone: held wherever it goes, but for what speaks for the payee. */
const before = [
  ...call({ start: ago(40 * MINUTE_MS) }),
  drawn({ time: ago(20 * MINUTE_MS), yuan: 30_000, firstDraw: true }),
];

function assessed(to: Partial<Payee>, exempt: readonly string[], beside: Beside = {}) {
  const exemptions = { payees: exempt };
  return assessRow({
    before,
    subject: transfer({ yuan: 30_000, to }),
    beside: { ...beside, policy: { ...policy, exemptions } },
  });
}

interface Row {
  readonly when: string;
  readonly to: Partial<Payee>;
  readonly exempt: readonly string[];
  readonly beside?: Beside;
  readonly held: boolean;
  readonly says: boolean;
}

const school = { ...SHOP, accountId: 'school' };
const most: Tier = 'T1';

describe('a transfer', () => {
  it.each<Row>([
    { when: 'nobody is exempt', to: school, exempt: [], held: true, says: false },
    { when: 'another is', to: school, exempt: ['tax'], held: true, says: false },
    { when: 'the shop is', to: school, exempt: ['school'], held: false, says: true },
    {
      when: 'a person is on the list',
      to: { accountId: 'man', ...NEW },
      exempt: ['man'],
      held: true,
      says: false,
    },
    {
      when: 'it is listed',
      to: school,
      exempt: ['school'],
      beside: { listed: ['school'] },
      held: true,
      says: false,
    },
    {
      when: 'an own card is on the list: nothing to exempt',
      to: OWN,
      exempt: ['own-card'],
      held: false,
      says: false,
    },
    {
      when: 'a lender is: nothing to exempt',
      to: LENDER,
      exempt: ['lender'],
      held: false,
      says: false,
    },
    {
      when: 'a hospital is',
      to: INSTITUTION,
      exempt: ['hospital'],
      held: false,
      says: false,
    },
  ])('where $when is held: $held', ({ to, exempt, beside, held, says }) => {
    const { outcome, tier, reasons, facts, score } = assessed(to, exempt, beside);
    expect(outcome === 'hold').toBe(held);
    expect(reasons.some(({ code }) => code === 'EXEMPT')).toBe(says);
    if (says) expect(tier).toBe(most);
    // What was seen stays seen, and the score says so.
    expect(reasons.reduce((sum, { tenths }) => sum + tenths, 0)).toBe(score);
    expect(weigh(facts, { ...policy, exemptions: { payees: [] } })).toMatchObject({ tier, score });
  });

  it('of a broken signal is no reason to hold what is exempt', () => {
    const broken = {
      code: 'X',
      group: 'uncapped',
      sees: { 'zh-CN': '', en: '' },
      feeds: [],
      against: '',
      weigh: () => {
        throw new Error('broken');
      },
    } as const;
    const { tier, reasons } = assessed(school, ['school'], { signals: [broken] });
    expect(tier).toBe(most);
    expect(reasons.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['EXEMPT', 'SIGNAL_FAILED']),
    );
  });
});
