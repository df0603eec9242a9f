/** Payees that staff vouched for: read with the engine's batch, kept by the console. */
import type { QuietRow, QuietStore } from '#application';
import type { PayeeQuiet } from '#domain';
import type { QueryResultRow } from 'pg';
import { integer } from './integers.ts';
import type { OpenTransaction, Transactions } from './transactions.ts';

const COLUMNS = `quiet_id, partition, payer_id, payee_id, from_at, until_at, reason, entered_by,
  ended_by`;

interface StoredQuiet extends QueryResultRow {
  readonly quiet_id: string;
  readonly partition: number;
  readonly payer_id: string;
  readonly payee_id: string;
  readonly from_at: string;
  readonly until_at: string;
  readonly reason: string;
  readonly entered_by: string;
  readonly ended_by: string | null;
}

function quietOf(row: StoredQuiet): QuietRow {
  return {
    quietId: row.quiet_id,
    partition: row.partition,
    payerId: row.payer_id,
    payeeId: row.payee_id,
    from: integer(row.from_at),
    until: integer(row.until_at),
    reason: row.reason,
    by: row.entered_by,
    ...(row.ended_by === null ? {} : { endedBy: row.ended_by }),
  };
}

const READ = {
  name: 'quiets.read',
  text: `SELECT payer_id, payee_id, from_at, until_at FROM payee_quiets
    WHERE payer_id = ANY ($1::text[])`,
};

/** By payer; those without any are not in the map. */
export async function readQuiets(
  transaction: OpenTransaction,
  payerIds: readonly string[],
): Promise<ReadonlyMap<string, readonly PayeeQuiet[]>> {
  const found = new Map<string, PayeeQuiet[]>();
  if (payerIds.length === 0) return found;
  const { rows } = await transaction.query<StoredQuiet>(READ, [payerIds]);
  for (const row of rows) {
    const quiet = {
      payeeId: row.payee_id,
      from: integer(row.from_at),
      until: integer(row.until_at),
    };
    const ofPayer = found.get(row.payer_id);
    if (ofPayer === undefined) found.set(row.payer_id, [quiet]);
    else ofPayer.push(quiet);
  }
  return found;
}

const SAVE = {
  name: 'quiets.save',
  text: `INSERT INTO payee_quiets (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (quiet_id) DO UPDATE
      SET until_at = excluded.until_at, ended_by = excluded.ended_by`,
};
const LOCK = {
  name: 'quiets.lock',
  text: `SELECT ${COLUMNS} FROM payee_quiets WHERE quiet_id = $1 FOR UPDATE`,
};
const LIST = {
  name: 'quiets.list',
  text: `SELECT ${COLUMNS} FROM payee_quiets
    WHERE until_at > $1 AND (until_at, quiet_id) > ($2::bigint, $3::text)
    ORDER BY until_at, quiet_id LIMIT $4`,
};
const LIST_PAYER = {
  name: 'quiets.list_payer',
  text: `SELECT ${COLUMNS} FROM payee_quiets
    WHERE payer_id = $5 AND until_at > $1 AND (until_at, quiet_id) > ($2::bigint, $3::text)
    ORDER BY until_at, quiet_id LIMIT $4`,
};
const COUNT_PARTITIONS = {
  name: 'quiets.partitions',
  text: 'SELECT coalesce(max(partition) + 1, 0)::integer AS partitions FROM positions',
};

export function makeQuietStore(transactions: Transactions): QuietStore {
  return {
    async save(tx, quiet) {
      await transactions
        .open(tx)
        .query(SAVE, [
          quiet.quietId,
          quiet.partition,
          quiet.payerId,
          quiet.payeeId,
          quiet.from,
          quiet.until,
          quiet.reason,
          quiet.by,
          quiet.endedBy ?? null,
        ]);
    },
    async lock(tx, quietId) {
      const { rows } = await transactions.open(tx).query<StoredQuiet>(LOCK, [quietId]);
      return rows[0] === undefined ? undefined : quietOf(rows[0]);
    },
    async list({ payerId, endsAfter, limit, cursor }) {
      const { until, quietId } = readCursor(cursor);
      // One more than asked for shows whether there is a next page.
      const values = [endsAfter, until, quietId, limit + 1];
      const { rows } =
        payerId === undefined
          ? await transactions.query<StoredQuiet>(LIST, values)
          : await transactions.query<StoredQuiet>(LIST_PAYER, [...values, payerId]);
      const quiets = rows.slice(0, limit).map(quietOf);
      const last = quiets.at(-1);
      if (last === undefined || rows.length <= limit) return { quiets };
      return { quiets, nextCursor: writeCursor(last) };
    },
    async partitionCount() {
      const { rows } = await transactions.query<{ partitions: number }>(COUNT_PARTITIONS, []);
      return rows[0]?.partitions ?? 0;
    },
  };
}

type Place = Pick<QuietRow, 'until' | 'quietId'>;

function writeCursor({ until, quietId }: Place): string {
  return Buffer.from(`${until} ${quietId}`).toString('base64url');
}

/** A cursor that we did not write starts at the beginning. */
function readCursor(cursor: string | undefined): Place {
  const [until = '', quietId] = Buffer.from(cursor ?? '', 'base64url')
    .toString()
    .split(' ');
  const at = /^\d+$/.test(until) ? Number(until) : Number.NaN;
  return Number.isSafeInteger(at) && quietId !== undefined
    ? { until: at, quietId }
    : { until: 0, quietId: '' };
}
