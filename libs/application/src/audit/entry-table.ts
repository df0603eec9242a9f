/** Entries as rows of one table: the columns, what they mean in both languages, and how a row is made. */
import type { Json, MaskLevel, SealedEntry } from '#domain';
import { CSV_BYTE_ORDER_MARK, csvLine } from './csv.ts';
import { maskValue } from './mask.ts';

type JsonObject = { readonly [key: string]: Json };

export interface EntryContent {
  readonly body: JsonObject;
  readonly personal: JsonObject;
}

export function contentOfEntry(entry: SealedEntry): EntryContent {
  return JSON.parse(entry.canonical) as EntryContent;
}

/** What may be shown of an entry's personal values; those that are erased or closed are missing. */
export function shownValues(
  entry: SealedEntry,
  mask: MaskLevel,
  disclosed: readonly string[],
): ReadonlyMap<string, Json> {
  if (mask === 'closed') return new Map();
  return new Map(
    entry.disclosures.map(({ name, value }) => [
      name,
      mask === 'open' && disclosed.includes(name) ? value : maskValue(value),
    ]),
  );
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly zh: string;
  readonly en: string;
  readonly of: (row: TableRow) => string | number | undefined;
}

interface TableRow {
  readonly entry: SealedEntry;
  readonly body: JsonObject;
  readonly shown: ReadonlyMap<string, Json>;
}

const text = (value: Json | undefined): string | number | undefined =>
  typeof value === 'string' || typeof value === 'number'
    ? value
    : value === undefined || value === null
      ? undefined
      : JSON.stringify(value);

const inBody =
  (...path: readonly string[]) =>
  ({ body }: TableRow): string | number | undefined => {
    let value: Json | undefined = body;
    for (const name of path) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
      value = (value as JsonObject)[name];
    }
    return text(value);
  };

const shown =
  (name: string, inner?: string) =>
  ({ shown: values }: TableRow): string | number | undefined => {
    const value = values.get(name);
    if (inner === undefined) return text(value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return text((value as JsonObject)[inner]);
  };

function shanghai({ entry }: TableRow): string {
  return new Date(entry.at + 8 * 3_600_000).toISOString().replace('Z', '+08:00');
}

function reasonCodes({ body }: TableRow): string | undefined {
  const reasons = body['reasons'];
  if (!Array.isArray(reasons)) return undefined;
  return (reasons as readonly JsonObject[])
    .map((reason) => `${text(reason['code'])}:${Number(reason['tenths']) / 10}`)
    .join(' ');
}

function decibans({ body }: TableRow): number | undefined {
  const score = body['score'];
  return typeof score === 'number' ? score / 10 : undefined;
}

const COLUMNS: readonly Column[] = [
  {
    name: 'chain',
    type: 'integer',
    zh: '链：分区号，-1 为内务链',
    en: 'chain: the partition, -1 for the house chain',
    of: ({ entry }) => entry.chain,
  },
  {
    name: 'sequence',
    type: 'integer',
    zh: '链内序号，从1起，不间断',
    en: 'place in the chain, from 1, without a gap',
    of: ({ entry }) => entry.sequence,
  },
  {
    name: 'at',
    type: 'time, RFC 3339 UTC',
    zh: '记入时间（协调世界时）',
    en: 'when it was written (UTC)',
    of: ({ entry }) => new Date(entry.at).toISOString(),
  },
  {
    name: 'at_shanghai',
    type: 'time, RFC 3339 +08:00',
    zh: '记入时间（北京时间）',
    en: 'when it was written (Asia/Shanghai)',
    of: shanghai,
  },
  {
    name: 'type',
    type: 'text',
    zh: '条目类型',
    en: 'type of the entry',
    of: ({ entry }) => entry.type,
  },
  {
    name: 'decision_id',
    type: 'text',
    zh: '决定编号',
    en: 'id of the decision',
    of: inBody('decisionId'),
  },
  {
    name: 'decision_sequence',
    type: 'integer',
    zh: '同一标的的第几次决定',
    en: 'which decision about the same subject',
    of: (row) => (row.entry.type === 'decision.made' ? inBody('sequence')(row) : undefined),
  },
  {
    name: 'subject_kind',
    type: 'transfer or draw',
    zh: '标的：转账或借款支用',
    en: 'transfer or credit draw',
    of: inBody('subjectKind'),
  },
  {
    name: 'mode',
    type: 'live or shadow',
    zh: '正式或影子模式',
    en: 'live or shadow',
    of: inBody('mode'),
  },
  {
    name: 'outcome',
    type: 'allow, warn or hold',
    zh: '结果：放行、提醒、拦下',
    en: 'what was decided',
    of: inBody('outcome'),
  },
  { name: 'tier', type: 'T0 to T4', zh: '等级', en: 'tier', of: inBody('tier') },
  {
    name: 'score_db',
    type: 'decibans, one decimal',
    zh: '得分（分贝）',
    en: 'score in decibans',
    of: decibans,
  },
  {
    name: 'reasons',
    type: 'CODE:decibans, separated by blanks',
    zh: '理由代码及各自分值',
    en: 'reason codes, each with its weight',
    of: reasonCodes,
  },
  {
    name: 'hold_id',
    type: 'text',
    zh: '拦截编号',
    en: 'id of the hold',
    of: (row) => inBody('holdId')(row) ?? inBody('hold', 'holdId')(row),
  },
  {
    name: 'order',
    type: 'hold, release or cancel',
    zh: '给支付处理方的指令',
    en: 'order to the processor',
    of: inBody('order'),
  },
  {
    name: 'order_sequence',
    type: 'integer',
    zh: '指令序号',
    en: 'number of the order',
    of: inBody('orderSequence'),
  },
  {
    name: 'actor',
    type: 'clock, payer, analyst, authority or processor',
    zh: '由谁',
    en: 'who acted',
    of: inBody('actor'),
  },
  { name: 'reason', type: 'text', zh: '为何', en: 'why', of: inBody('reason') },
  {
    name: 'due_at',
    type: 'time, RFC 3339 UTC',
    zh: '到期时间',
    en: 'when the hold is due',
    of: (row) => inBody('dueAt')(row) ?? inBody('hold', 'dueAt')(row),
  },
  {
    name: 'ceiling_at',
    type: 'time, RFC 3339 UTC',
    zh: '最晚时间',
    en: 'beyond which no hold lasts',
    of: (row) => inBody('ceilingAt')(row) ?? inBody('hold', 'ceilingAt')(row),
  },
  {
    name: 'policy_version',
    type: 'text',
    zh: '策略版本',
    en: 'version of the policy',
    of: inBody('policy', 'version'),
  },
  {
    name: 'policy_digest',
    type: 'SHA-256, hex',
    zh: '策略摘要',
    en: 'digest of the policy',
    of: inBody('policy', 'digest'),
  },
  {
    name: 'payer',
    type: 'personal, text',
    zh: '付款人账户（依遮蔽级别；空：未披露或已删除）',
    en: 'account of the payer (by mask level; empty: not disclosed, or erased)',
    of: shown('payer'),
  },
  {
    name: 'subject_source',
    type: 'text',
    zh: '标的来源',
    en: 'platform of the subject',
    of: shown('subject', 'source'),
  },
  {
    name: 'subject_id',
    type: 'personal, text',
    zh: '标的编号',
    en: 'id of the transfer or draw',
    of: shown('subject', 'id'),
  },
  {
    name: 'by',
    type: 'personal, text',
    zh: '经办人',
    en: 'the person who did it',
    of: shown('by'),
  },
  {
    name: 'leaf',
    type: 'SHA-256, hex',
    zh: '条目的叶哈希：与 jsonl 中同序号的一行对应',
    en: 'leaf hash of the entry: belongs to the line of the same sequence in the jsonl file',
    of: ({ entry }) => entry.leafHash,
  },
];

export function tableHead(): string {
  return CSV_BYTE_ORDER_MARK + csvLine(COLUMNS.map(({ name }) => name));
}

export function tableRow(
  entry: SealedEntry,
  body: JsonObject,
  values: ReadonlyMap<string, Json>,
): string {
  const row = { entry, body, shown: values };
  return csvLine(COLUMNS.map(({ of }) => of(row)));
}

const FILES: readonly (readonly [
  file: string,
  field: string,
  type: string,
  zh: string,
  en: string,
])[] = [
  [
    'manifest.json',
    '',
    'JSON',
    '清单：范围、数量、每个文件的摘要',
    'the range, the counts, the digest of every file',
  ],
  [
    'chain-*.entries.jsonl',
    '',
    'JSON Lines',
    '每行一条日志，原样（RFC 8785）；行的字节即叶',
    'one entry per line as it was hashed (RFC 8785): the bytes of a line are the leaf',
  ],
  ['chain-*.entries.jsonl', 'at', 'time, RFC 3339 UTC', '记入时间', 'when it was written'],
  [
    'chain-*.entries.jsonl',
    'body',
    'object',
    '非个人内容；各类型见 docs/journal.md',
    'what is not personal; by type in docs/journal.md',
  ],
  [
    'chain-*.entries.jsonl',
    'personal',
    'object',
    '个人信息的承诺值：SHA-256(名称、值、盐)',
    'commitments to personal values: SHA-256 of name, value, salt',
  ],
  [
    'chain-*.entries.jsonl',
    'previous',
    'SHA-256, hex',
    '前一条的叶哈希',
    'leaf hash of the entry before',
  ],
  [
    'chain-*.entries.jsonl',
    'v',
    'integer',
    '算法组：1 = SHA-256、RFC 8785、RFC 6962',
    'suite of algorithms: 1 = SHA-256, RFC 8785, RFC 6962',
  ],
  [
    'chain-*.disclosures.jsonl',
    'name, value, salt',
    'text, JSON, text',
    '披露的个人信息及盐，可与承诺值核对',
    'disclosed values with their salts, to be compared with the commitments',
  ],
  ['chain-*.checkpoint', '', 'C2SP tlog-checkpoint', '签名的树头', 'signed head of the tree'],
  ['proofs/*.tlog-proof', '', 'C2SP tlog-proof', '单条的包含证明', 'inclusion proof of one entry'],
  [
    'receipt.jsonl',
    '',
    'JSON',
    '本次导出自身的日志条目，含清单摘要',
    'the entry of this export itself, with the digest of the manifest',
  ],
];

/** The data dictionary, both languages side by side. */
export function dataDictionary(): string {
  const lines = [
    csvLine(['file', 'field', 'type', 'zh-CN', 'en']),
    ...FILES.map(csvLine),
    ...COLUMNS.map(({ name, type, zh, en }) => csvLine(['entries.csv', name, type, zh, en])),
  ];
  return CSV_BYTE_ORDER_MARK + lines.join('');
}
