/** One case as a page that a person reads and prints: what was seen, decided, told and done, in order, with its picture. */
import type { EntryType, Json, SealedEntry } from '#domain';
import { queryText, type ExportRequest } from './export-request.ts';
import { escapeHtml, pageOf, timeText } from './html.ts';
import { timelinePicture } from './timeline-picture.ts';

export interface ReportEntry {
  readonly entry: SealedEntry;
  readonly body: { readonly [key: string]: Json };
  readonly shown: ReadonlyMap<string, Json>;
}

const TITLES: Partial<Record<EntryType, readonly [zh: string, en: string]>> = {
  'decision.made': ['决定', 'Decision'],
  'hold.placed': ['拦下', 'Held'],
  'hold.extended': ['延长', 'Extended'],
  'hold.matured': ['到期，等待付款人确认', 'Due, waiting for the payer'],
  'hold.released': ['放行', 'Released'],
  'hold.cancelled': ['取消', 'Cancelled'],
  'hold.expired': ['过期取消', 'Expired'],
  'hold.acknowledged': ['处理方确认', 'Acknowledged by the processor'],
  'alert.requested': ['通知付款人', 'Payer told'],
  'record.refused': ['输入被拒', 'Input refused'],
};

export function titleOf(type: EntryType): readonly [zh: string, en: string] {
  return TITLES[type] ?? [type, type];
}

/** A page of HTML without scripts or anything from elsewhere. The same entries under the same request give the same bytes. */
export function caseReport(entries: readonly ReportEntry[], request: ExportRequest): string {
  const ordered = entries.toSorted(
    (a, b) =>
      a.entry.at - b.entry.at ||
      a.entry.chain - b.entry.chain ||
      a.entry.sequence - b.entry.sequence,
  );
  const [first, last] = [ordered[0], ordered.at(-1)];
  const span =
    first === undefined || last === undefined
      ? ''
      : `${timeText(first.entry.at)} – ${timeText(last.entry.at)}`;
  const facts: readonly (readonly [string, string])[] = [
    ['查询 Query', queryText(request.query, request.mask)],
    ['时间 Time', span],
    ['条目 Entries', String(ordered.length)],
    ['用途 Purpose', request.purpose],
    ['申请人 Requested by', request.by],
    ['遮蔽 Masking', maskText(request)],
  ];
  return pageOf(
    '冷静 案件报告  Lengjing case report',
    [
      `<table class="facts">${facts.map(factRow).join('')}</table>`,
      '<h2>时间线 Timeline</h2>',
      timelinePicture(
        ordered.map(({ entry, body }) => ({
          at: entry.at,
          type: entry.type,
          label: labelOf(entry, body),
        })),
      ),
      '<h2>经过 What happened</h2>',
      ...ordered.map(entryBlock),
      `<p class="foot">本页由日志条目生成；每条末尾的叶哈希与 chain-*.entries.jsonl 中同序号的一行对应，可用 lengjing-verify.mjs 核对。<br>
This page was made from journal entries. The leaf hash of each belongs to the line of the same sequence in chain-*.entries.jsonl.</p>`,
    ].join('\n'),
  );
}

function maskText({ mask, disclosed }: ExportRequest): string {
  switch (mask) {
    case 'closed':
      return '不含个人信息 no personal values';
    case 'masked':
      return '个人信息已遮蔽 personal values masked';
    case 'open':
      return `已披露 disclosed: ${disclosed.join(', ')}`;
  }
}

function factRow([name, value]: readonly [string, string]): string {
  return `<tr><th>${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`;
}

function labelOf(entry: SealedEntry, body: ReportEntry['body']): string {
  const [zh] = titleOf(entry.type);
  const tier = body['tier'];
  return entry.type === 'decision.made' && typeof tier === 'string' ? `${zh} ${tier}` : zh;
}

function entryBlock({ entry, body, shown }: ReportEntry): string {
  const [zh, en] = titleOf(entry.type);
  const lines = [...linesOf(entry, body), ...[...shown].map(personalLine)];
  const place = `${entry.chain}/${entry.sequence}`;
  return `<section class="entry"><h3>${timeText(entry.at)} · ${escapeHtml(zh)} <span>${escapeHtml(en)}</span></h3>
${lines.map((line) => `<p>${line}</p>`).join('\n')}
<p class="leaf">${escapeHtml(place)} · ${entry.leafHash}</p></section>`;
}

const OUTCOMES: Readonly<Record<string, string>> = {
  allow: '放行 allow',
  warn: '提醒 warn',
  hold: '拦下 hold',
};

function linesOf(entry: SealedEntry, body: ReportEntry['body']): string[] {
  const text = (name: string): string => {
    const value = body[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  if (entry.type === 'decision.made') {
    const score = Number(body['score']) / 10;
    const outcome = OUTCOMES[text('outcome')] ?? text('outcome');
    return [
      `<b>${escapeHtml(outcome)}</b> · ${escapeHtml(text('tier'))} · ${score.toFixed(1)} dB${text('late') === '' ? '' : ' · late'}`,
      ...reasonsOf(body).map(reasonLine),
    ];
  }
  const [order, actor, reason, dueAt] = ['order', 'actor', 'reason', 'dueAt'].map(text);
  const told = [text('channel'), text('template'), text('locale')].filter((one) => one !== '');
  return [
    ...(order === ''
      ? []
      : [
          `指令 order: <b>${escapeHtml(order ?? '')}</b> · ${escapeHtml(actor ?? '')} · ${escapeHtml(reason ?? '')}`,
        ]),
    ...(dueAt === '' ? [] : [`到期 due: ${escapeHtml(timeText(Date.parse(dueAt ?? '')))}`]),
    ...(told.length === 0 ? [] : [escapeHtml(told.join(' · '))]),
  ];
}

interface Reason {
  readonly code: string;
  readonly tenths: number;
  readonly text: { readonly 'zh-CN': string; readonly en: string };
}

function reasonsOf(body: ReportEntry['body']): readonly Reason[] {
  const { reasons } = body as { readonly reasons?: readonly Reason[] };
  return reasons ?? [];
}

function reasonLine({ code, tenths, text }: Reason): string {
  const sign = tenths > 0 ? '+' : '';
  return `${escapeHtml(code)} <i>${sign}${(tenths / 10).toFixed(1)}</i> ${escapeHtml(text['zh-CN'])}<br><span>${escapeHtml(text.en)}</span>`;
}

function personalLine([name, value]: readonly [string, Json]): string {
  const text = typeof value === 'string' ? value : noticeText(value);
  return `<span class="name">${escapeHtml(name)}</span> ${escapeHtml(text)}`;
}

/** Of a notice what the payer read; of anything else its JSON. */
function noticeText(value: Json): string {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const { text } = value as { readonly text?: Json };
    if (typeof text === 'string') return text;
  }
  return JSON.stringify(value);
}
