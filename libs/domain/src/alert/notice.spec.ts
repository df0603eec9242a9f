/** Notices by DETECTION §1.4: the script by its name, money first, one instruction, nothing that helps a scammer. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Tier } from '../assessment/assessment.ts';
import type { PlatformEvent, SubjectEvent } from '../event/event.ts';
import { HOUR_MS, MINUTE_MS } from '../kernel/instant.ts';
import type { Locale, Notice } from '../journal/bodies.ts';
import {
  NEW,
  NOON,
  ago,
  call,
  code,
  drawRequested,
  drawn,
  ordered,
  session,
  transfer,
} from '../testing/events.ts';
import { makeScorer } from '../testing/scorer.ts';
import {
  NOTICE_IDS,
  holdNotice,
  noticeFor,
  type NoticeCatalogue,
  type NoticeId,
} from './notice.ts';

const { assessRow } = makeScorer(
  readFileSync('libs/contracts/src/policy/default-policy.json', 'utf8'),
);
const CATALOGUE = JSON.parse(
  readFileSync('libs/contracts/src/notices/default-notices.json', 'utf8'),
) as NoticeCatalogue;
const LOCALES: readonly Locale[] = ['zh-CN', 'en'];

interface Told {
  readonly subject: SubjectEvent;
  readonly tier: Tier;
  readonly codes: readonly string[];
  readonly before?: readonly PlatformEvent[];
}

/** The notice for a subject that is said to have these reasons, strongest first. */
function told({ subject, tier, codes, before = [] }: Told, locale: Locale): Notice | undefined {
  const { facts } = assessRow({
    subject,
    before: [...before, drawn({ time: ago(MINUTE_MS), yuan: 500 })],
  });
  const reasons = codes.map((one) => ({
    code: one,
    tenths: /^(M|CAP_|CDr)/.test(one) ? -170 : 90,
  }));
  return noticeFor(
    { subject, facts, tier, reasons, locale, dueAt: NOON + 15 * MINUTE_MS },
    CATALOGUE,
  );
}

const SUBJECT = transfer({
  yuan: 6919.5,
  to: { ...NEW, accountId: '6222020011112222', displayName: '李*（尾号1234）' },
});
const REFUND = { ...SUBJECT, remark: '亚马逊退款' };
const DRAW = drawRequested({ yuan: 34_000 });

describe('which notice', () => {
  it.each<[string, readonly string[], NoticeId]>([
    ['a whole code', ['CD1', 'CO1'], 'code_as_amount'],
    ['a code in fen', ['CD2'], 'code_as_amount'],
    ['a code’s beginning', ['CO2', 'CD3'], 'number_as_amount'],
    ['a code by chance, nothing else', ['CD1', 'CDr', 'PY1'], 'held'],
    ['a code by chance, and a pretext', ['CD1', 'CDr', 'CO3'], 'refund_pretext'],
    ['a leading zero', ['CD0', 'CO3'], 'number_as_amount'],
    ['digits continued', ['CD5', 'CR1'], 'number_as_amount'],
    ['a pretext', ['CR1', 'CO3'], 'refund_pretext'],
    ['a loan sent on', ['CR1', 'CR2', 'CO1'], 'borrow_then_send'],
    ['a loan of another kind', ['CR2', 'CO1'], 'held'],
    ['a call', ['CO1', 'PY1'], 'held'],
    ['a code-like amount', ['CD4', 'DR1'], 'held'],
    ['held with', ['HELD_WITH'], 'held'],
    ['a signal that failed', ['SIGNAL_FAILED'], 'held'],
    ['nothing', [], 'held'],
  ])('held for %s', (_title, codes, template) => {
    for (const tier of ['T2', 'T3', 'T4'] as const) {
      expect(told({ subject: SUBJECT, tier, codes }, 'zh-CN')?.template).toBe(template);
    }
  });

  it.each([['CD1'], ['CR1'], ['CO3'], ['USER_YES']])('a held draw, whatever for (%s)', (one) => {
    expect(told({ subject: DRAW, tier: 'T3', codes: [one] }, 'zh-CN')?.template).toBe('draw_held');
  });

  it.each<[string, readonly string[], NoticeId]>([
    ['a code-like amount', ['CD4', 'PY1'], 'warning_code'],
    ['borrowed money', ['CR1', 'CO1'], 'warning_borrow'],
    ['a call', ['CO1', 'CR1'], 'warning_call'],
    ['a watched screen', ['CO2'], 'warning_call'],
    ['a new payee', ['PY1', 'CO1'], 'warning'],
    ['a mitigation first', ['M2', 'CD1'], 'warning_code'],
    ['nothing that weighs', ['INPUT_REFUSED'], 'warning'],
    ['nothing', [], 'warning'],
  ])('a warning of %s', (_title, codes, template) => {
    expect(told({ subject: SUBJECT, tier: 'T1', codes }, 'en')?.template).toBe(template);
  });

  it('none for what is simply sent', () => {
    expect(told({ subject: SUBJECT, tier: 'T0', codes: ['PY1'] }, 'en')).toBeUndefined();
  });
});

/** One set of reasons that leads to each notice. */
type Decided = Exclude<NoticeId, 'reminder' | 'reminder_draw' | 'trusted_contact' | 'after_loss'>;
const TO_EACH: Readonly<Record<Decided, Told>> = {
  code_as_amount: { subject: SUBJECT, tier: 'T4', codes: ['CD1'] },
  number_as_amount: { subject: SUBJECT, tier: 'T3', codes: ['CD0'] },
  refund_pretext: { subject: SUBJECT, tier: 'T2', codes: ['CO3'] },
  refund_ceiling: {
    subject: REFUND,
    tier: 'T3',
    codes: ['CO3'],
    before: [ordered({ yuan: 102, time: ago(HOUR_MS) })],
  },
  refund_brand: { subject: REFUND, tier: 'T3', codes: ['CO3'] },
  borrow_then_send: { subject: SUBJECT, tier: 'T3', codes: ['CR1'] },
  held: { subject: SUBJECT, tier: 'T2', codes: ['PY1'] },
  draw_held: { subject: DRAW, tier: 'T3', codes: ['CR2'] },
  warning: { subject: SUBJECT, tier: 'T1', codes: ['PY1'] },
  warning_call: { subject: SUBJECT, tier: 'T1', codes: ['CO1'] },
  warning_code: { subject: SUBJECT, tier: 'T1', codes: ['CD4'] },
  warning_borrow: { subject: SUBJECT, tier: 'T1', codes: ['CR1'] },
};
const DECIDED = NOTICE_IDS.filter((id): id is Decided => id in TO_EACH);
const isHeld = (id: NoticeId): boolean => !id.startsWith('warning');

describe.each(DECIDED.flatMap((id) => LOCALES.map((locale) => [id, locale] as const)))(
  '%s, %s',
  (id, locale) => {
    const notice = told(TO_EACH[id], locale);
    if (notice === undefined) throw new Error('no notice');
    const all = [
      notice.text,
      notice.question ?? '',
      ...notice.actions.map((one) => one.label),
    ].join('\n');

    it('is the one meant, in its language', () => {
      expect(notice).toMatchObject({ template: id, locale, version: CATALOGUE.version });
      expect(/\p{Script=Han}/u.test(all)).toBe(locale === 'zh-CN');
    });

    it('has every name filled in', () => {
      expect(all).not.toMatch(/[{}]|undefined|NaN|null/);
    });

    it('holds no account, no id, no rule and no link', () => {
      for (const personal of ['6222020011112222', '622202', SUBJECT.transferId, 'payer-1', '李']) {
        expect(all).not.toContain(personal);
      }
      expect(all).not.toMatch(
        /\b(CR|CD|PY|CO|DR|M)[0-9r]\b|CAP_|HELD_WITH|USER_YES|WATCH|LISTED|\bT[0-4]\b/,
      );
      expect(all).not.toMatch(/https?:|www\.|\.(com|cn|net)\b/);
    });

    it('names this payment’s figure', () => {
      const figure = { borrow_then_send: '500', draw_held: '34,000' };
      expect(notice.text).toContain(id in figure ? figure[id as keyof typeof figure] : '6,919.50');
    });

    if (isHeld(id)) {
      it('says first where the money is, then what to do', () => {
        const where =
          id === 'draw_held'
            ? { 'zh-CN': '钱还没有借出', en: 'has NOT been paid out' }
            : { 'zh-CN': '钱还没有转出', en: 'NOT left' };
        const at = notice.text.indexOf(where[locale]);
        const instruction = notice.text.search(locale === 'zh-CN' ? /挂断/ : /hang up/i);
        expect(at).toBeGreaterThan(0);
        expect(instruction).toBeGreaterThan(at);
      });

      it('asks one question and offers to cancel first, then both answers, then an appeal', () => {
        expect(notice.question).toMatch(/[?？]$/);
        const actions = notice.actions.map((one) => one.action);
        expect(actions).toEqual(['cancel', 'coached_yes', 'coached_no', 'appeal']);
      });
    } else {
      it('asks nothing: there is nothing to answer', () => {
        expect(notice.question).toBeUndefined();
        expect(notice.actions).toEqual([]);
      });
    }
  },
);

describe('figures', () => {
  const text = (subject: SubjectEvent, locale: Locale) =>
    told({ subject, tier: 'T2', codes: ['PY1'] }, locale)?.text ?? '';

  it('name the payee by the last four digits where they are shown, and by nothing else', () => {
    const named = (displayName?: string) =>
      transfer({ to: displayName === undefined ? {} : { displayName } });
    expect(text(named('张*（6222 **** 1234）'), 'zh-CN')).toContain('转给尾号1234的');
    expect(text(named('***1234'), 'en')).toContain('to ***1234 has');
    expect(text(named('王*'), 'zh-CN')).toContain('转给一个账户的');
    expect(text(named(), 'en')).toContain('to an account has');
  });

  it('tell the time on the payer’s clock', () => {
    expect(text(SUBJECT, 'zh-CN')).toContain('3月4日12:15');
    expect(text(SUBJECT, 'en')).toContain('12:15 on 3/4');
  });

  it('are written with the currency’s decimals and name', () => {
    expect(text(transfer({ yuan: 6919 }), 'zh-CN')).toContain('6,919元');
    expect(text(transfer({ yuan: 1_234_567.89 }), 'en')).toContain('¥1,234,567.89');
    expect(text(transfer({ yuan: 6919, currency: 'HKD' }), 'en')).toContain('HKD 6,919');
  });
});

describe('a notice of a whole case', () => {
  it.each<[string, readonly PlatformEvent[], SubjectEvent, NoticeId]>([
    [
      'Mrs Xu’s code',
      [...call({ start: HOUR_MS }), code('06919', { time: ago(MINUTE_MS) })],
      transfer({
        yuan: 6919,
        to: NEW,
        input: { leadingZero: true, digits: 5 },
        remark: '亚马逊退款',
      }),
      'code_as_amount',
    ],
    [
      'Mr Li’s loan',
      [
        ...call({ start: HOUR_MS }),
        drawn({ time: ago(MINUTE_MS), yuan: 34_000, limit: 34_000, firstDraw: true }),
      ],
      transfer({ yuan: 12_000, to: NEW }),
      'borrow_then_send',
    ],
    [
      'a loan asked for with the screen shared',
      [session('screen_share_started', { time: ago(MINUTE_MS) })],
      drawRequested({ yuan: 34_000, limit: 34_000, firstDraw: true }),
      'draw_held',
    ],
  ])('%s', (_title, before, subject, template) => {
    const { facts, tier, reasons } = assessRow({ before, subject });
    const request = { subject, facts, tier, reasons, dueAt: NOON + HOUR_MS };
    const notice = noticeFor({ ...request, locale: 'zh-CN' }, CATALOGUE);
    expect(notice?.template).toBe(template);
    expect(JSON.stringify(notice)).not.toContain('06919');
  });
});

describe('what is told apart from a decision', () => {
  const hold = { amount: { currency: 'CNY', minor: 691_900 }, dueAt: NOON } as const;

  it.each(['reminder', 'reminder_draw', 'after_loss'] as const)('%s has its figures', (id) => {
    for (const locale of LOCALES) {
      const { text, actions, ...rest } = holdNotice(id, { ...hold, locale }, CATALOGUE);
      expect(rest).toEqual({ template: id, version: CATALOGUE.version, locale });
      expect(text).toContain('6,919');
      expect(text).not.toMatch(/[{}]/);
      expect(actions).toEqual([]);
    }
  });

  it('a trusted contact hears no figure and no name', () => {
    for (const locale of LOCALES) {
      const { text } = holdNotice('trusted_contact', { ...hold, locale }, CATALOGUE);
      expect(text.replace('96110', '')).not.toMatch(/\d|[{}]/);
    }
  });
});

describe('a refund', () => {
  it('is told with what was ordered only where that is less', () => {
    const before = [ordered({ yuan: 20_000, time: ago(HOUR_MS) })];
    const notice = told({ subject: REFUND, tier: 'T3', codes: ['CO3'], before }, 'zh-CN');
    expect(notice?.template).toBe('refund_brand');
    expect(notice?.text).toContain('400-810-5666');
  });

  it('of a brand without a registered number names no number', () => {
    const subject = { ...SUBJECT, remark: '淘宝退款' };
    const notice = told({ subject, tier: 'T3', codes: ['CO3'] }, 'zh-CN');
    expect(notice?.template).toBe('refund_pretext');
  });
});
