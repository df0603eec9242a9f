/** Evidence: appended once, read back as bounded windows. */
import type { EvidenceWrite, WindowEvidence, WindowRequest } from '#application';
import {
  HOUR_MS,
  ORDERS_EXTRA_MS,
  WINDOW_EVENTS_MAX,
  evidenceClass,
  type CutSum,
  type EvidenceClass,
  type PlatformEvent,
} from '#domain';
import { integer } from './integers.ts';
import type { OpenTransaction } from './transactions.ts';

/** As numbered in the schema. */
export const CLASS_NUMBER: Readonly<Record<EvidenceClass, number>> = {
  code: 0,
  lasting: 1,
  ordinary: 2,
  order: 3,
};

const APPEND = {
  name: 'evidence.append',
  text: `
    INSERT INTO evidence (partition, payer_id, occurred_at, source, event_id, kind, class,
      subject_id, payee_id, data)
    SELECT * FROM unnest($1::integer[], $2::text[], $3::bigint[], $4::text[], $5::text[],
      $6::text[], $7::smallint[], $8::text[], $9::text[], $10::text[])
    ON CONFLICT DO NOTHING`,
};

/** Keeps evidence and returns how many rows were new; repeats are passed over. */
export async function appendEvidence(
  transaction: OpenTransaction,
  writes: readonly EvidenceWrite[],
): Promise<number> {
  if (writes.length === 0) return 0;
  const events = writes.map((write) => write.event);
  const { count } = await transaction.query(APPEND, [
    writes.map((write) => write.partition),
    events.map((event) => event.payer.accountId),
    events.map((event) => event.time),
    events.map((event) => event.source),
    events.map((event) => event.id),
    events.map((event) => event.kind),
    events.map((event) => CLASS_NUMBER[evidenceClass(event)]),
    events.map(subjectIdOf),
    events.map((event) => (event.kind === 'transfer.requested' ? event.payee.accountId : null)),
    events.map((event) => JSON.stringify(event)),
  ]);
  return count;
}

function subjectIdOf(event: PlatformEvent): string | null {
  if ('transferId' in event) return event.transferId;
  if ('drawId' in event) return event.drawId;
  return 'holdId' in event ? (event.holdId ?? null) : null;
}

/*
 * One row per payer comes back, its events joined into one text: the driver's cost per row is higher than JSON's. One more
 * event than a window may have is read to see whether there are more.
 */
const WINDOWS = {
  name: 'evidence.windows',
  text: `
    SELECT r.ord::integer AS ord, newest.events, orders.events AS orders
    FROM unnest($1::integer[], $2::text[], $3::bigint[]) WITH ORDINALITY
      AS r (partition, payer_id, from_at, ord)
    CROSS JOIN LATERAL (
      SELECT string_agg(one.data, ',') AS events FROM (
        SELECT e.data FROM evidence e
        WHERE e.partition = r.partition AND e.payer_id = r.payer_id AND e.occurred_at >= r.from_at
        ORDER BY e.occurred_at DESC, e.source DESC, e.event_id DESC
        LIMIT ${WINDOW_EVENTS_MAX + 1}) one) newest
    CROSS JOIN LATERAL (
      SELECT string_agg(one.data, ',') AS events FROM (
        SELECT e.data FROM evidence e
        WHERE e.partition = r.partition AND e.payer_id = r.payer_id AND e.class = 3
          AND e.occurred_at >= r.from_at - ${ORDERS_EXTRA_MS} AND e.occurred_at < r.from_at
        ORDER BY e.occurred_at DESC
        LIMIT ${WINDOW_EVENTS_MAX}) one) orders`,
};

/** The requests of the windows that are cut, with the oldest event that was kept: what lies before it was not read. */
const CUT_REQUESTS = `
  unnest($1::integer[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[])
    WITH ORDINALITY AS r (partition, payer_id, from_at, cut_at, cut_source, cut_id, ord)`;
const CUT_ROWS = `
  e.partition = r.partition AND e.payer_id = r.payer_id AND e.occurred_at >= r.from_at
    AND (e.occurred_at, e.source, e.event_id) < (r.cut_at, r.cut_source, r.cut_id)`;

const NEVER_CUT = {
  name: 'evidence.never_cut',
  text: `
    SELECT r.ord::integer AS ord, kept.events
    FROM ${CUT_REQUESTS}
    CROSS JOIN LATERAL (
      SELECT string_agg(e.data, ',') AS events FROM evidence e
      WHERE ${CUT_ROWS} AND e.class <> ${CLASS_NUMBER.ordinary}) kept`,
};

const CUT_SUMS = {
  name: 'evidence.cut_sums',
  text: `
    SELECT r.ord::integer AS ord, sums.*
    FROM ${CUT_REQUESTS}
    CROSS JOIN LATERAL (
      SELECT e.payee_id, e.occurred_at - e.occurred_at % ${HOUR_MS} AS hour,
        e.data::json #>> '{amount,currency}' AS currency,
        e.data::json #>> '{payee,ownership}' = 'own' AS own,
        count(*) AS count, sum((e.data::json #>> '{amount,minor}')::bigint)::bigint AS minor
      FROM evidence e
      LEFT JOIN (
        SELECT DISTINCT f.source, f.subject_id FROM evidence f
        WHERE f.partition = r.partition AND f.payer_id = r.payer_id
          AND f.occurred_at >= r.from_at AND f.kind IN ('transfer.failed', 'transfer.cancelled')
      ) ended ON ended.source = e.source AND ended.subject_id = e.subject_id
      WHERE ${CUT_ROWS} AND e.kind = 'transfer.requested' AND ended.source IS NULL
      GROUP BY 1, 2, 3, 4) sums`,
};

interface WindowRow {
  readonly ord: number;
  readonly events: string | null;
  readonly orders: string | null;
}

interface KeptRow {
  readonly ord: number;
  readonly events: string | null;
}

interface CutSumRow {
  readonly ord: number;
  readonly payee_id: string;
  readonly hour: string;
  readonly currency: string;
  readonly own: boolean;
  readonly count: string;
  readonly minor: string;
}

/** Windows in the order of the requests: one statement, two more where a payer has more than a window may hold. */
export async function readWindows(
  transaction: OpenTransaction,
  requests: readonly WindowRequest[],
): Promise<readonly WindowEvidence[]> {
  if (requests.length === 0) return [];
  const { rows } = await transaction.query<WindowRow>(WINDOWS, [
    requests.map((request) => request.partition),
    requests.map((request) => request.payerId),
    requests.map((request) => request.from),
  ]);
  const byOrdinal = new Map(rows.map((row) => [row.ord, row]));
  const windows = requests.map((request, index) => {
    const row = byOrdinal.get(index + 1);
    const newest = readEvents(row?.events);
    return { request, newest, orders: readEvents(row?.orders) };
  });
  const long = windows.filter((window) => window.newest.length > WINDOW_EVENTS_MAX);
  const rest = await readCut(
    transaction,
    long.map(({ request, newest }) => ({ request, oldestKept: cutNewest(newest) })),
  );
  return windows.map(({ request, newest, orders }) => {
    const cut = rest.get(request);
    return {
      payerId: request.payerId,
      events: [...newest, ...(cut?.kept ?? []), ...orders],
      cut: cut?.sums ?? [],
      windowTruncated: cut !== undefined,
    };
  });
}

function readEvents(joined: string | null | undefined): PlatformEvent[] {
  return typeof joined === 'string' ? (JSON.parse(`[${joined}]`) as PlatformEvent[]) : [];
}

/** Drops the one event too many, the oldest, and returns the oldest that stays. */
function cutNewest(newest: PlatformEvent[]): PlatformEvent {
  newest.sort(newestFirst);
  newest.length = WINDOW_EVENTS_MAX;
  return newest[WINDOW_EVENTS_MAX - 1] as PlatformEvent;
}

function newestFirst(a: PlatformEvent, b: PlatformEvent): number {
  if (a.time !== b.time) return b.time - a.time;
  if (a.source !== b.source) return a.source < b.source ? 1 : -1;
  return a.id === b.id ? 0 : a.id < b.id ? 1 : -1;
}

interface Cut {
  readonly kept: readonly PlatformEvent[];
  readonly sums: CutSum[];
}

async function readCut(
  transaction: OpenTransaction,
  long: readonly { readonly request: WindowRequest; readonly oldestKept: PlatformEvent }[],
): Promise<ReadonlyMap<WindowRequest, Cut>> {
  if (long.length === 0) return new Map();
  const parameters = [
    long.map(({ request }) => request.partition),
    long.map(({ request }) => request.payerId),
    long.map(({ request }) => request.from),
    long.map(({ oldestKept }) => oldestKept.time),
    long.map(({ oldestKept }) => oldestKept.source),
    long.map(({ oldestKept }) => oldestKept.id),
  ];
  const [kept, sums] = await Promise.all([
    transaction.query<KeptRow>(NEVER_CUT, parameters),
    transaction.query<CutSumRow>(CUT_SUMS, parameters),
  ]);
  const keptOf = new Map(kept.rows.map((row) => [row.ord, readEvents(row.events)]));
  const cuts = long.map(({ request }, index) => {
    const cut: Cut = { kept: keptOf.get(index + 1) ?? [], sums: [] };
    return [request, cut] as const;
  });
  for (const row of sums.rows) {
    cuts[row.ord - 1]?.[1].sums.push({
      payeeId: row.payee_id,
      hour: integer(row.hour),
      count: integer(row.count),
      minor: integer(row.minor),
      currency: row.currency,
      own: row.own,
    });
  }
  return new Map(cuts);
}
