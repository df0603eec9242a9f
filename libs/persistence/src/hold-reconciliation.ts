/** What people have to look at: orders that nobody answered, money asked back, holds past their time. Each reads its own partial index. */
import {
  COUNT_MAX,
  type HoldStore,
  type HoldsToReconcile,
  type ReconciliationCounts,
} from '#application';
import { HOLD_COLUMNS, holdOf, type StoredHold } from './hold-rows.ts';
import { integer } from './integers.ts';
import type { Statement, Transactions } from './transactions.ts';

type Reads = Pick<HoldStore, 'reconciliation' | 'toReconcile'>;

/** A condition that the index of the same row implies, and the order in which it is read. */
const LISTS: Readonly<Record<HoldsToReconcile, { readonly where: string; readonly by: string }>> = {
  unacknowledged: { where: 'resend_at IS NOT NULL', by: 'resend_at' },
  raised: { where: 'raised_at IS NOT NULL', by: 'raised_at' },
  recalled: { where: 'recall_at IS NOT NULL', by: 'recall_at' },
  overdue: { where: `status = 'placed' AND due_at < $1`, by: 'due_at' },
};

/** A hold that has matured is overdue once its ceiling has passed. */
const OVERDUE_CEILING = `status IN ('placed', 'matured') AND ceiling_at < $1`;

function counted(where: string): string {
  return `(SELECT count(*) FROM (SELECT 1 FROM holds WHERE ${where} LIMIT ${COUNT_MAX}) bounded)`;
}

const COUNTS = {
  name: 'holds.reconciliation',
  text: `SELECT
    ${counted(`status IN ('placed', 'matured')`)} AS open,
    ${counted(LISTS.unacknowledged.where)} + ${counted(LISTS.raised.where)} AS unacknowledged,
    ${counted(LISTS.raised.where)} AS raised,
    ${counted(LISTS.recalled.where)} AS recalled,
    ${counted(LISTS.overdue.where)}
      + ${counted(`status = 'matured' AND ceiling_at < $1`)} AS overdue`,
};

interface CountsRow {
  readonly open: string;
  readonly unacknowledged: string;
  readonly raised: string;
  readonly recalled: string;
  readonly overdue: string;
}

function listStatement(what: HoldsToReconcile): Statement {
  const { where, by } = LISTS[what];
  const condition = what === 'overdue' ? `(${where}) OR (${OVERDUE_CEILING})` : where;
  return {
    name: `holds.reconcile.${what}`,
    text: `SELECT ${HOLD_COLUMNS} FROM holds WHERE ${condition} ORDER BY ${by}, hold_id
      LIMIT ${what === 'overdue' ? '$2' : '$1'}`,
  };
}

export function reconciliationReads(transactions: Transactions): Reads {
  return {
    async reconciliation(overdueAt): Promise<ReconciliationCounts> {
      const { rows } = await transactions.query<CountsRow>(COUNTS, [overdueAt]);
      const [row] = rows;
      return {
        open: integer(row?.open ?? 0),
        unacknowledged: integer(row?.unacknowledged ?? 0),
        raised: integer(row?.raised ?? 0),
        recalled: integer(row?.recalled ?? 0),
        overdue: integer(row?.overdue ?? 0),
      };
    },
    async toReconcile(what, { overdueAt, limit }) {
      const values = what === 'overdue' ? [overdueAt, limit] : [limit];
      const { rows } = await transactions.query<StoredHold>(listStatement(what), values);
      return rows.map(holdOf);
    },
  };
}
