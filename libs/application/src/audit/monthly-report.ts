/** The monthly report: what the journal says of a month, counted in one pass, for people (HTML with charts) and for tables (CSV). */
import {
  TIERS,
  formatInstant,
  type EntryType,
  type Instant,
  type SealedEntry,
  type Tier,
} from '#domain';
import type { EntryReader, SealStore } from '../ports/audit-store.ts';
import { CSV_BYTE_ORDER_MARK, csvLine } from './csv.ts';
import { barChart } from './bar-chart.ts';
import { escapeHtml, pageOf } from './html.ts';

const PAGE = 2_000;
const DAY_MS = 86_400_000;
const SHANGHAI_MS = 8 * 3_600_000;
/** Reasons with which an analyst or an authority ends a hold as a scam. */
const SCAM_REASONS: ReadonlySet<string> = new Set([
  'scam_confirmed',
  'fraud_confirmed',
  'police_stop',
]);

export interface MonthlyReport {
  /** `2026-11`, in Beijing. */
  readonly month: string;
  readonly days: readonly DayCounts[];
  readonly decisions: Readonly<Record<Tier, number>>;
  readonly placed: Readonly<Record<'T2' | 'T3' | 'T4', number>>;
  readonly extended: number;
  readonly cancelled: number;
  readonly released: number;
  /** Released before it was due. */
  readonly releasedEarly: number;
  readonly expired: number;
  /** Ended as a scam by somebody who looked. */
  readonly scamsConfirmed: number;
  /** Released by somebody or reconfirmed by the payer: what was held was the payer's own will. */
  readonly honestHolds: number;
  readonly medianHoldMs: number | undefined;
  readonly medianAlertDelayMs: number | undefined;
  readonly appeals: number;
  readonly medianAppealMs: number | undefined;
  readonly policyVersions: readonly string[];
  readonly exports: number;
  readonly erasures: number;
  readonly refused: number;
  /** Decisions that hold, by age band of the payer where the feed gave one. */
  readonly ageBands: Readonly<Record<string, { readonly decided: number; readonly held: number }>>;
}

export interface DayCounts {
  readonly day: number;
  readonly placed: number;
  readonly ended: number;
}

interface Body {
  readonly [name: string]: unknown;
}

const HOLD_ENDS: ReadonlySet<EntryType> = new Set([
  'hold.released',
  'hold.cancelled',
  'hold.expired',
]);

/** Bounds of a month in Beijing; undefined for what is no month. */
export function monthBounds(
  month: string,
): { readonly from: Instant; readonly to: Instant } | undefined {
  const [, year = '', number = ''] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month) ?? [];
  if (year === '') return undefined;
  const start = (months: number): Instant => Date.UTC(Number(year), months, 1) - SHANGHAI_MS;
  return { from: start(Number(number) - 1), to: start(Number(number)) };
}

/** Counts while entries pass; holds of the month are remembered by their id until they end. */
export class MonthlyCount {
  readonly #month: string;
  readonly #from: Instant;
  readonly #days: { placed: number; ended: number }[];
  readonly #decisions: Record<string, number> = {};
  readonly #placed: Record<string, number> = {};
  readonly #counts = new Map<string, number>();
  readonly #placedAt = new Map<string, { readonly at: Instant; readonly dueAt: Instant }>();
  readonly #appealedAt = new Map<string, Instant>();
  readonly #holdMs: number[] = [];
  readonly #alertMs: number[] = [];
  readonly #appealMs: number[] = [];
  readonly #policies = new Set<string>();
  readonly #bands: Record<string, { decided: number; held: number }> = {};

  constructor(month: string) {
    const bounds = monthBounds(month);
    if (bounds === undefined) throw new RangeError('a month is written like 2026-11');
    this.#month = month;
    this.#from = bounds.from;
    const days = Math.round((bounds.to - bounds.from) / DAY_MS);
    this.#days = Array.from({ length: days }, () => ({ placed: 0, ended: 0 }));
  }

  take({ type, at, canonical }: SealedEntry): void {
    const { body } = JSON.parse(canonical) as { readonly body: Body };
    // An order that was given again is the same order: it counts once (D-075).
    if (Number(body['attempt'] ?? 1) > 1) return;
    this.#add(type);
    if (type === 'decision.made') this.#takeDecision(body);
    else if (type === 'hold.placed') this.#takePlaced(body, at);
    else if (HOLD_ENDS.has(type)) this.#takeEnd(type, body, at);
    else if (type === 'alert.requested') this.#takeAlert(body, at);
    else this.#takeAppeal(type, body, at);
  }

  #add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  #takeDecision(body: Body): void {
    const { tier, outcome, policy, sequence, ageBand } = body as {
      readonly tier: Tier;
      readonly outcome: string;
      readonly sequence: number;
      readonly policy: { readonly id: string; readonly version: string };
      readonly ageBand?: string;
    };
    this.#policies.add(`${policy.id} ${policy.version}`);
    if (sequence !== 1) return;
    this.#decisions[tier] = (this.#decisions[tier] ?? 0) + 1;
    if (ageBand === undefined) return;
    const band = (this.#bands[ageBand] ??= { decided: 0, held: 0 });
    band.decided += 1;
    if (outcome === 'hold') band.held += 1;
  }

  #takePlaced(body: Body, at: Instant): void {
    const { holdId, tier, dueAt } = body as { holdId: string; tier: string; dueAt: string };
    this.#placed[tier] = (this.#placed[tier] ?? 0) + 1;
    // Placed again is stricter, not another hold: its time runs from the first placing.
    const first = this.#placedAt.get(holdId)?.at ?? at;
    this.#placedAt.set(holdId, { at: first, dueAt: Date.parse(dueAt) });
    const day = this.#days[this.#dayOf(at)];
    if (day !== undefined) day.placed += 1;
  }

  #takeEnd(type: EntryType, body: Body, at: Instant): void {
    const { holdId, reason, actor } = body as { holdId: string; reason: string; actor: string };
    const day = this.#days[this.#dayOf(at)];
    if (day !== undefined) day.ended += 1;
    if (type === 'hold.cancelled' && SCAM_REASONS.has(reason)) this.#add('scam');
    if (type === 'hold.released' && actor !== 'clock' && actor !== 'processor') this.#add('honest');
    const placed = this.#placedAt.get(holdId);
    if (placed === undefined) return;
    this.#holdMs.push(at - placed.at);
    // Money that left anyway was not let go early by anybody.
    const isLetGo = type === 'hold.released' && actor !== 'processor';
    if (isLetGo && at < placed.dueAt) this.#add('early');
    this.#placedAt.delete(holdId);
  }

  #takeAlert(body: Body, at: Instant): void {
    const { holdId } = body as { holdId?: string };
    const placed = holdId === undefined ? undefined : this.#placedAt.get(holdId);
    if (placed !== undefined) this.#alertMs.push(Math.max(0, at - placed.at));
  }

  /** Appeals are entries of the hold's own desk: whatever their types are called, they begin so and name what they are about. */
  #takeAppeal(type: string, body: Body, at: Instant): void {
    if (!type.startsWith('appeal.')) return;
    const id = (body['appealId'] ?? body['holdId']) as string;
    const since = this.#appealedAt.get(id);
    if (since === undefined) {
      this.#appealedAt.set(id, at);
      this.#add('appeal');
    } else {
      this.#appealMs.push(at - since);
      this.#appealedAt.delete(id);
    }
  }

  #dayOf(at: Instant): number {
    return Math.floor((at - this.#from) / DAY_MS);
  }

  result(): MonthlyReport {
    const count = (name: string): number => this.#counts.get(name) ?? 0;
    const tiers = TIERS.map((tier) => [tier, this.#decisions[tier] ?? 0] as const);
    return {
      month: this.#month,
      days: this.#days.map((day, index) => ({ day: index + 1, ...day })),
      decisions: Object.fromEntries(tiers) as Record<Tier, number>,
      placed: {
        T2: this.#placed['T2'] ?? 0,
        T3: this.#placed['T3'] ?? 0,
        T4: this.#placed['T4'] ?? 0,
      },
      extended: count('hold.extended'),
      cancelled: count('hold.cancelled'),
      released: count('hold.released'),
      releasedEarly: count('early'),
      expired: count('hold.expired'),
      scamsConfirmed: count('scam'),
      honestHolds: count('honest'),
      medianHoldMs: medianOf(this.#holdMs),
      medianAlertDelayMs: medianOf(this.#alertMs),
      appeals: count('appeal'),
      medianAppealMs: medianOf(this.#appealMs),
      policyVersions: [...this.#policies].sort(),
      exports: count('export.made'),
      erasures: count('payer.erased'),
      refused: count('record.refused'),
      ageBands: Object.fromEntries(
        Object.entries(this.#bands).sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
    };
  }
}

function medianOf(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle];
  const [a, b] = [sorted[middle - 1], sorted[middle]];
  return a === undefined || b === undefined ? undefined : (a + b) / 2;
}

export interface MonthlyDeps {
  readonly reader: EntryReader;
  readonly seals: Pick<SealStore, 'chainEnds'>;
}

/** Reads the month's entries of every chain, in pages. Throws `RangeError` for what is no month. */
export async function countMonth(
  deps: MonthlyDeps,
  month: string,
  onProgress: (entries: number) => void = () => undefined,
): Promise<MonthlyReport> {
  const count = new MonthlyCount(month);
  const bounds = monthBounds(month) ?? { from: 0, to: 0 };
  for (const { chain } of await deps.seals.chainEnds()) {
    const range = await deps.reader.writtenBetween(chain, bounds.from, bounds.to);
    if (range === undefined) continue;
    for (let after = range.from - 1; after < range.to;) {
      const { to } = range;
      const page = await deps.reader.entries({ chain, after, to, limit: PAGE, disclosures: false });
      const last = page.at(-1);
      if (last === undefined) break;
      for (const entry of page)
        if (entry.at >= bounds.from && entry.at < bounds.to) count.take(entry);
      after = last.sequence;
      onProgress(page.length);
    }
  }
  return count.result();
}

type Line = readonly [zh: string, en: string, value: string];

function durationText(ms: number | undefined): string {
  if (ms === undefined) return '–';
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return ms < 3_600_000 ? `${(ms / 60_000).toFixed(0)} min` : `${(ms / 3_600_000).toFixed(1)} h`;
}

function shareText(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((part / whole) * 100).toFixed(2)} %`;
}

/** The figures in the order in which a supervisor reads them. */
export function monthlyLines(report: MonthlyReport): readonly Line[] {
  const { placed, decisions } = report;
  const holds = placed.T2 + placed.T3 + placed.T4;
  const decided = TIERS.reduce((sum, tier) => sum + decisions[tier], 0);
  return [
    ['决定', 'decisions', String(decided)],
    ['提醒', 'warned (T1)', String(decisions.T1)],
    ['拦下', 'holds placed', String(holds)],
    ['拦下占比', 'share held', shareText(holds, decided)],
    ['　15分钟', 'T2', String(placed.T2)],
    ['　2小时', 'T3', String(placed.T3)],
    ['　24小时', 'T4', String(placed.T4)],
    ['取消', 'cancelled', String(report.cancelled)],
    ['放行', 'released', String(report.released)],
    ['提前放行', 'released early', String(report.releasedEarly)],
    ['过期取消', 'expired', String(report.expired)],
    ['延长', 'extended', String(report.extended)],
    ['确认诈骗', 'confirmed scams', String(report.scamsConfirmed)],
    ['误拦（确认为本人意愿）', 'honest holds', String(report.honestHolds)],
    ['拦截时长中位数', 'median hold time', durationText(report.medianHoldMs)],
    ['通知延迟中位数', 'median alert delay', durationText(report.medianAlertDelayMs)],
    ['申诉', 'appeals', String(report.appeals)],
    ['申诉处理时长中位数', 'median time of an appeal', durationText(report.medianAppealMs)],
    ['使用的策略版本', 'policy versions in use', report.policyVersions.join(', ')],
    ['日志导出', 'journal exports', String(report.exports)],
    ['个人信息删除', 'erasures', String(report.erasures)],
    ['被拒的输入', 'refused inputs', String(report.refused)],
  ];
}

export function monthlyCsv(report: MonthlyReport): string {
  const bands = Object.entries(report.ageBands);
  return [
    CSV_BYTE_ORDER_MARK + csvLine(['month', 'zh-CN', 'en', 'value']),
    ...monthlyLines(report).map(([zh, en, value]) => csvLine([report.month, zh.trim(), en, value])),
    ...bands.map(([band, { decided, held }]) =>
      csvLine([
        report.month,
        `年龄段 ${band}：拦下/决定`,
        `age band ${band}: held of decided`,
        `${held}/${decided}`,
      ]),
    ),
    ...report.days.map(({ day, placed, ended }) =>
      csvLine([
        report.month,
        `${day}日：拦下/结束`,
        `day ${day}: placed/ended`,
        `${placed}/${ended}`,
      ]),
    ),
  ].join('');
}

/** `madeAt` is the one thing in it that is not of the journal. */
export function monthlyHtml(report: MonthlyReport, madeAt: Instant): string {
  const rows = monthlyLines(report).map(
    ([zh, en, value]) =>
      `<tr><th>${escapeHtml(zh)} <span>${escapeHtml(en)}</span></th><td class="number">${escapeHtml(value)}</td></tr>`,
  );
  const bands = Object.entries(report.ageBands);
  return pageOf(
    `冷静 月报 ${report.month}  Lengjing monthly report`,
    [
      `<table class="lined">${rows.join('\n')}</table>`,
      '<h2>每日拦下与结束 Holds placed and ended by day</h2>',
      barChart(
        report.days.map(({ day, placed, ended }) => ({
          label: String(day),
          values: [placed, ended],
        })),
      ),
      '<h2>各等级决定 Decisions by tier</h2>',
      barChart(TIERS.map((tier) => ({ label: tier, values: [report.decisions[tier]] }))),
      '<h2>年龄段 Age bands</h2>',
      bands.length === 0
        ? '<p>没有收到年龄段信息，无法比较。<br><span>No age bands were given: nothing to compare.</span></p>'
        : barChart(
            bands.map(([label, { decided, held }]) => ({
              label,
              values: [Math.round((held / decided) * 10_000) / 100],
            })),
          ),
      `<p class="foot">由日志条目统计，${escapeHtml(formatInstant(madeAt))}。<span>Counted from journal entries.</span></p>`,
    ].join('\n'),
  );
}
