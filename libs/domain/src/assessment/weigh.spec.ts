/** The sum by SCORING §1: rounding, caps and their reasons, tiers, and reasons that add up to S. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Policy } from '../policy/policy.ts';
import type { Signal } from '../signal/signal.ts';
import { SIGNALS } from '../signal/signals.ts';
import { HOUR_MS, MINUTE_MS } from '../kernel/instant.ts';
import {
  INSTITUTION,
  NEW,
  ago,
  call,
  code,
  drawRequested,
  drawn,
  failed,
  received,
  redeemed,
  responded,
  session,
  transfer,
} from '../testing/events.ts';
import { makeScorer, type Beside } from '../testing/scorer.ts';
import { OUTCOME_OF_TIER, TIERS, stricterTier, tierRank, toTenths } from './assessment.ts';
import { weigh } from './weigh.ts';

const { assessRow, decibansOf, policy } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);

/** The default policy, but an answer of yes weighs so much. */
const yesWeighs = (decibans: number): Policy => ({
  ...policy,
  signals: { ...policy.signals, USER_YES: { decibans } },
});
const yes = [responded('h', 'coached_yes', { time: ago(MINUTE_MS) })];
const codesOf = (row: Parameters<typeof assessRow>[0]) =>
  assessRow(row).reasons.map((reason) => reason.code);

describe('rounding half up to one decimal', () => {
  it.each([
    [12.34, 123],
    [12.35, 124],
    [12.349, 123],
    [0.05, 1],
    [0.049, 0],
    [0, 0],
    [-0.05, 0],
    [-0.06, -1],
    [-12.35, -123],
    [-12.351, -124],
  ])('%d dB are %d tenths', (decibans, tenths) => {
    expect(toTenths(decibans) === tenths).toBe(true);
  });

  it('is right for every weight of two decimals that ends in 5', () => {
    const wrong: string[] = [];
    for (let tenths = 0; tenths < 600; tenths += 1) {
      const text = `${Math.floor(tenths / 10)}.${tenths % 10}5`;
      if (toTenths(Number(text)) !== tenths + 1) wrong.push(text);
      if (toTenths(-Number(text)) !== (tenths === 0 ? 0 : -tenths)) wrong.push(`-${text}`);
    }
    expect(wrong).toEqual([]);
  });

  it('comes before summing', () => {
    const signals = [0.05, 0.05, 0.05].map((decibans, i) => fires(`X${i}`, decibans));
    expect(assessRow({ beside: { signals } }).score).toBe(3);
  });
});

/** A signal that always fires, for sums that no stream gives. */
function fires(name: string, decibans: number, group: Signal['group'] = 'uncapped'): Signal {
  const text = { 'zh-CN': name, en: name };
  return {
    code: name,
    group,
    sees: text,
    feeds: [],
    against: '',
    weigh: (facts) => ({ tenths: toTenths(decibans), refs: [facts.self], text }),
  };
}

describe('tiers are half-open', () => {
  it.each([
    [0, 'T0'],
    [12.9, 'T0'],
    [12.94, 'T0'],
    [12.95, 'T1'],
    [13, 'T1'],
    [19.9, 'T1'],
    [20, 'T2'],
    [29.9, 'T2'],
    [30, 'T3'],
    [39.9, 'T3'],
    [40, 'T4'],
    [400, 'T4'],
  ] as const)('S = %d: %s', (decibans, tier) => {
    const { score, ...verdict } = assessRow({
      before: yes,
      beside: { policy: yesWeighs(decibans) },
    });
    expect(score).toBe(toTenths(decibans));
    expect(verdict).toMatchObject({ tier, ownTier: tier, outcome: OUTCOME_OF_TIER[tier] });
  });

  it('T0 is sent, T1 warned of, the others held', () => {
    expect(TIERS.map((tier) => OUTCOME_OF_TIER[tier])).toEqual([
      'allow',
      'warn',
      'hold',
      'hold',
      'hold',
    ]);
  });

  it('below 0 is T0', () => {
    expect(assessRow({ subject: transfer({ to: INSTITUTION }) })).toMatchObject({
      score: -220,
      tier: 'T0',
      outcome: 'allow',
    });
  });

  it.each(TIERS.flatMap((a) => TIERS.map((b) => [a, b] as const)))(
    'the stricter of %s and %s has the greater rank',
    (a, b) => {
      expect(tierRank(stricterTier(a, b))).toBe(Math.max(tierRank(a), tierRank(b)));
    },
  );
});

const first = transfer({ to: NEW, yuan: 1, time: ago(9 * MINUTE_MS) });
/** Everything at once that speaks against a transfer, but for what the row leaves out. */
const EVERYTHING = [
  ...call({ start: 30 * MINUTE_MS }),
  session('screen_share_started', { time: ago(20 * MINUTE_MS) }),
  session('login_elsewhere', { time: ago(20 * MINUTE_MS) }),
  session('credit_score_viewed', { time: ago(10 * MINUTE_MS) }),
  drawn({ time: ago(15 * MINUTE_MS), yuan: 6000, limit: 6000, firstDraw: true }),
  drawn({ time: ago(14 * MINUTE_MS), yuan: 6000, lender: 'webank', product: 'weilidai' }),
  code('006919', { time: ago(5 * MINUTE_MS) }),
  redeemed({ time: ago(8 * MINUTE_MS) }),
  received({ time: ago(8 * MINUTE_MS), yuan: 6000 }),
  session('card_bind_failed', { time: ago(7 * MINUTE_MS) }),
  first,
  failed(first, { time: ago(8 * MINUTE_MS), reason: 'returned' }),
  transfer({ to: NEW, yuan: 1, time: ago(6 * MINUTE_MS) }),
  transfer({ to: NEW, yuan: 1, time: ago(5 * MINUTE_MS) }),
];
const MARKED = transfer({
  to: { ...NEW, accountAgeDays: 1, nameMatch: 'mismatch' },
  yuan: 6919,
  input: { leadingZero: true, digits: 5 },
  remark: '京东退款给小王',
  liquid: 0,
  p99: 100,
});

describe('caps', () => {
  it.each([
    ['CR', 26, 14 + 8 + 8 + 4],
    ['CD', 35, 15 + 35 + 4],
    ['PY', 20, 5 + 6 + 12 + 8 + 8],
    ['CO', 25, 10 + 15 + 12 + 8 + 4],
    ['DR', 16, 5 + 6 + 5 + 4 + 4 + 6],
  ])('%s is cut to %d', (family, cap, sum) => {
    const beside: Beside = { payees: { 'payee-1': { newPayers24h: 3 } } };
    const { reasons } = assessRow({ before: EVERYTHING, subject: MARKED, beside });
    const own = reasons.filter((reason) => new RegExp(`^${family}.$`).test(reason.code));
    expect(own.reduce((total, reason) => total + reason.tenths, 0)).toBe(sum * 10);
    const cut = reasons.filter((reason) => reason.code === `CAP_${family}`);
    expect(cut.map((reason) => reason.tenths)).toEqual([(cap - sum) * 10]);
  });

  it('cut nothing that is exactly the cap', () => {
    const before = [drawn({ time: ago(MINUTE_MS), limit: 1000, firstDraw: true })];
    const { score, reasons } = assessRow({ before });
    expect(score).toBe(260);
    expect(reasons.map((reason) => reason.code)).toEqual(['CR1', 'CR2', 'CR4']);
  });

  it('cut by a tenth what is a tenth above', () => {
    const signals = [fires('A', 26, 'CR'), fires('B', 0.1, 'CR')];
    const { score, reasons } = assessRow({ beside: { signals } });
    expect(score).toBe(260);
    expect(reasons.find((reason) => reason.code === 'CAP_CR')?.tenths).toBe(-1);
  });

  it('CDr is taken off inside the family', () => {
    const before = [code('5000', { time: ago(1) })];
    const subject = transfer({ yuan: 5000, input: { leadingZero: true, digits: 5 } });
    const { score, reasons } = assessRow({ before, subject });
    expect(score).toBe((15 + 23 - 17) * 10);
    expect(reasons.map((reason) => reason.code)).toEqual(['CD1', 'CDr', 'CD0']);
  });

  it('what is uncapped adds in full, and so do mitigations', () => {
    const subject = transfer({
      to: { ...INSTITUTION, declaredContact: true },
      order: { ref: 'o' },
    });
    const { score } = assessRow({ before: yes, subject, beside: { listed: ['hospital'] } });
    expect(score).toBe((40 + 35 - 22 - 18 - 15) * 10);
  });

  it('a mitigation is no part of a family’s sum', () => {
    const before = [
      drawn({ time: ago(2), limit: 1000, firstDraw: true }),
      drawn({ time: ago(1), lender: 'webank', product: 'weilidai' }),
    ];
    const { score } = assessRow({ before, subject: transfer({ to: INSTITUTION, yuan: 2000 }) });
    expect(score).toBe((26 - 22) * 10);
  });
});

describe('reasons', () => {
  const { reasons, score, refs } = assessRow({ before: EVERYTHING, subject: MARKED });

  it('sum to S', () => {
    expect(reasons.reduce((sum, reason) => sum + reason.tenths, 0)).toBe(score);
  });

  it('come strongest first, caps and mitigations among them', () => {
    const sizes = reasons.map((reason) => Math.abs(reason.tenths));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(sizes.length).toBeGreaterThan(20);
  });

  it('are one of each code', () => {
    const codes = reasons.map((reason) => reason.code);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it('name evidence that is there, each in two languages', () => {
    for (const reason of reasons) {
      for (const ref of reason.refs) expect(refs[ref]).toMatch(/^urn:spec:platform#/);
      expect(reason.text['zh-CN']).toMatch(/\p{Script=Han}/u);
      // The words of the policy's lists are quoted as they are.
      expect(reason.text.en.replaceAll(/“.*?”/g, '')).toMatch(/^\P{Script=Han}+$/u);
    }
  });

  it('say no code, no account and nothing that was typed', () => {
    const text = JSON.stringify(reasons.map((reason) => reason.text));
    for (const secret of ['006919', '06919', 'payee-1', '小王', 'payer-1']) {
      expect(text).not.toContain(secret);
    }
  });
});

describe('a signal that throws (rule f)', () => {
  const broken: Signal = {
    ...fires('BROKEN', 1),
    weigh: () => {
      throw new Error('on purpose');
    },
  };

  it('says so and counts as T2', () => {
    const found = assessRow({ beside: { signals: [broken] } });
    expect(found).toMatchObject({ score: 0, tier: 'T2', outcome: 'hold' });
    expect(found.reasons).toMatchObject([{ code: 'SIGNAL_FAILED', tenths: 0 }]);
  });

  it('does not soften what the others say', () => {
    const found = assessRow({ before: yes, beside: { signals: [broken, ...SIGNALS] } });
    expect(found).toMatchObject({ score: 400, tier: 'T4' });
    expect(codesOf({ before: yes, beside: { signals: [broken, ...SIGNALS] } })).toEqual([
      'USER_YES',
      'SIGNAL_FAILED',
    ]);
  });

  it('is one reason however many throw', () => {
    expect(codesOf({ beside: { signals: [broken, { ...broken, code: 'B2' }] } })).toEqual([
      'SIGNAL_FAILED',
    ]);
  });

  it('takes its tier from the policy', () => {
    const strict = { ...policy, fallbacks: { ...policy.fallbacks, signalFailed: 'T4' as const } };
    expect(assessRow({ beside: { signals: [broken], policy: strict } }).tier).toBe('T4');
  });

  it('never mentions the error', () => {
    const { reasons } = assessRow({ beside: { signals: [broken] } });
    expect(JSON.stringify(reasons)).not.toContain('on purpose');
  });
});

describe('an assessment', () => {
  it.each([
    ['a transfer', { before: EVERYTHING, subject: MARKED }],
    ['a draw', { before: EVERYTHING, subject: drawRequested() }],
    [
      'a held one',
      { before: [...EVERYTHING, MARKED], subject: transfer({ to: NEW, time: ago(-HOUR_MS) }) },
    ],
  ])('weighs again the same from its facts alone, %s', (_title, row) => {
    const { subject: _subject, facts, refs: _refs, ...weighing } = assessRow(row);
    const journaled = JSON.parse(JSON.stringify(facts)) as typeof facts;
    expect(weigh(journaled, policy)).toEqual(weighing);
  });

  it('has facts without an account, an id or a typed text', () => {
    const { facts } = assessRow({ before: EVERYTHING, subject: MARKED });
    const text = JSON.stringify(facts);
    for (const personal of ['payee-1', 'payer-1', MARKED.transferId, '小王', 'urn:spec']) {
      expect(text).not.toContain(personal);
    }
  });

  it('of a plain transfer weighs nothing', () => {
    expect(assessRow({})).toMatchObject({ score: 0, tier: 'T0', reasons: [], lowered: false });
    expect(decibansOf('PY1', {})).toBe(0);
  });
});
