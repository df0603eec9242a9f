/** What people ask and agree about holds, as rows. */
import { type Appeal, type CareStore, type DelayCost, type Page } from '#application';
import { APPEAL_COLUMNS, appealOf, type StoredAppeal } from './care-rows.ts';
import {
  instructionOf,
  requestOf,
  type StoredInstruction,
  type StoredRequest,
} from './care-rows.ts';
import { integer } from './integers.ts';
import type { Parameter, Statement, Transactions } from './transactions.ts';

const statement = (name: string, text: string): Statement => ({ name: `care.${name}`, text });

const REQUEST_COLUMNS = `request_id, hold_id, order_sequence, requested_by, requested_at, reason,
  contact_channel, contact_at, contact_reference, state, decided_by, decided_at`;
const ADD_REQUEST = statement(
  'add_request',
  `INSERT INTO release_requests (${REQUEST_COLUMNS})
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', NULL, NULL) ON CONFLICT DO NOTHING`,
);
const ONE_REQUEST = `SELECT ${REQUEST_COLUMNS} FROM release_requests WHERE request_id = $1`;
const FIND_REQUEST = statement('find_request', ONE_REQUEST);
const LOCK_REQUEST = statement('lock_request', `${ONE_REQUEST} FOR UPDATE`);
const DECIDE_REQUEST = statement(
  'decide_request',
  `UPDATE release_requests SET state = $2, decided_by = $3, decided_at = $4
    WHERE request_id = $1 AND state = 'open'`,
);
const REQUESTS_OF = statement(
  'requests_of',
  `SELECT ${REQUEST_COLUMNS} FROM release_requests WHERE hold_id = ANY ($1::text[])
    ORDER BY requested_at, request_id`,
);

const ADD_APPEALS = statement(
  'add_appeals',
  `INSERT INTO appeals (${APPEAL_COLUMNS})
    SELECT *, NULL, NULL, NULL FROM unnest($1::text[], $2::text[], $3::text[], $4::text[],
      $5::integer[], $6::text[], $7::bigint[], $8::bigint[], $9::text[], $10::text[])
    ON CONFLICT DO NOTHING RETURNING appeal_id`,
);
const ONE_APPEAL = `SELECT ${APPEAL_COLUMNS} FROM appeals WHERE appeal_id = $1`;
const FIND_APPEAL = statement('find_appeal', ONE_APPEAL);
const LOCK_APPEAL = statement('lock_appeal', `${ONE_APPEAL} FOR UPDATE`);
const DECIDE_APPEAL = statement(
  'decide_appeal',
  `UPDATE appeals SET state = $2, decided_by = $3, decided_at = $4, explanation = $5
    WHERE appeal_id = $1 AND state = 'open'`,
);
const OPEN_APPEALS = statement(
  'open_appeals',
  `SELECT ${APPEAL_COLUMNS} FROM appeals
    WHERE state = 'open' AND due_at < $4 AND (due_at, appeal_id) > ($1::bigint, $2::text)
    ORDER BY due_at, appeal_id LIMIT $3`,
);
const APPEALS_OF_HOLD = statement(
  'appeals_of_hold',
  `SELECT ${APPEAL_COLUMNS} FROM appeals
    WHERE hold_id = $4 AND (due_at, appeal_id) > ($1::bigint, $2::text)
    ORDER BY due_at, appeal_id LIMIT $3`,
);

const COUNT_STOPS = statement(
  'count_stops',
  `SELECT count(*) AS count FROM instructions WHERE hold_id = $1 AND instruction = 'stop'`,
);
const INSTRUCTION_COLUMNS = `instruction_id, hold_id, payer_id, authority, reference, instruction,
  received_at, valid_until, count, recorded_by`;
const ADD_INSTRUCTION = statement(
  'add_instruction',
  `INSERT INTO instructions (${INSTRUCTION_COLUMNS})
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (instruction_id) DO NOTHING`,
);
const FIND_INSTRUCTION = statement(
  'find_instruction',
  `SELECT ${INSTRUCTION_COLUMNS} FROM instructions WHERE instruction_id = $1`,
);
const INSTRUCTIONS = statement(
  'instructions',
  `SELECT ${INSTRUCTION_COLUMNS} FROM instructions
    WHERE (received_at, instruction_id) < ($1::bigint, $2::text)
    ORDER BY received_at DESC, instruction_id DESC LIMIT $3`,
);

const ADD_COST = statement(
  'add_cost',
  `INSERT INTO delay_costs (cost_id, hold_id, kind, currency, minor, at, recorded_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (cost_id) DO NOTHING`,
);
const COSTS_OF = statement(
  'costs_of',
  `SELECT cost_id, hold_id, kind, currency, minor, at, recorded_by FROM delay_costs
    WHERE hold_id = $1 ORDER BY at, cost_id`,
);

interface StoredCost {
  readonly cost_id: string;
  readonly hold_id: string;
  readonly kind: DelayCost['kind'];
  readonly currency: string;
  readonly minor: string;
  readonly at: string;
  readonly recorded_by: string;
}

export function makeCareStore(transactions: Transactions): CareStore {
  return {
    ...makeRequests(transactions),
    ...makeAppeals(transactions),
    ...makeInstructions(transactions),
    ...makeCosts(transactions),
  };
}

type Tx = Parameters<CareStore['addCost']>[0];

/** Rows that a statement touched. */
async function run(
  transactions: Transactions,
  tx: Tx,
  { what, values }: { readonly what: Statement; readonly values: readonly Parameter[] },
): Promise<number> {
  return (await transactions.open(tx).query(what, values)).count;
}

/** One more than asked for was read, to see whether there is a next page. */
function pageOf<Item>(
  items: readonly Item[],
  limit: number,
  cursorOf: (last: Item) => string,
): Page<Item> {
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  const more = last !== undefined && items.length > limit;
  return { items: shown, ...(more ? { nextCursor: cursorOf(last) } : {}) };
}

function makeRequests(
  transactions: Transactions,
): Pick<
  CareStore,
  | 'addReleaseRequest'
  | 'lockReleaseRequest'
  | 'decideReleaseRequest'
  | 'releaseRequest'
  | 'releaseRequestsOf'
> {
  return {
    async addReleaseRequest(tx, one) {
      const { channel, at, reference } = one.contact;
      const values = [one.requestId, one.holdId, one.orderSequence, one.by, one.at, one.reason];
      return (
        (await run(transactions, tx, {
          what: ADD_REQUEST,
          values: [...values, channel, at, reference],
        })) === 1
      );
    },
    async lockReleaseRequest(tx, requestId) {
      const open = transactions.open(tx);
      const { rows } = await open.query<StoredRequest>(LOCK_REQUEST, [requestId]);
      return rows[0] === undefined ? undefined : requestOf(rows[0]);
    },
    async decideReleaseRequest(tx, { requestId, state, decided }) {
      await run(transactions, tx, {
        what: DECIDE_REQUEST,
        values: [requestId, state, decided?.by ?? null, decided?.at ?? null],
      });
    },
    async releaseRequest(requestId) {
      const { rows } = await transactions.query<StoredRequest>(FIND_REQUEST, [requestId]);
      return rows[0] === undefined ? undefined : requestOf(rows[0]);
    },
    async releaseRequestsOf(holdIds) {
      const { rows } = await transactions.query<StoredRequest>(REQUESTS_OF, [holdIds]);
      return rows.map(requestOf);
    },
  };
}

function makeAppeals(
  transactions: Transactions,
): Pick<CareStore, 'addAppeals' | 'lockAppeal' | 'decideAppeal' | 'appeal' | 'appeals'> {
  return {
    async addAppeals(tx, appeals) {
      if (appeals.length === 0) return new Set();
      const open = transactions.open(tx);
      const { rows } = await open.query<{ appeal_id: string }>(ADD_APPEALS, columnsOf(appeals));
      return new Set(rows.map((row) => row.appeal_id));
    },
    async lockAppeal(tx, appealId) {
      const { rows } = await transactions.open(tx).query<StoredAppeal>(LOCK_APPEAL, [appealId]);
      return rows[0] === undefined ? undefined : appealOf(rows[0]);
    },
    async decideAppeal(tx, { appealId, state, decided }) {
      const { by = null, at = null, explanation = null } = decided ?? {};
      await run(transactions, tx, {
        what: DECIDE_APPEAL,
        values: [appealId, state, by, at, explanation],
      });
    },
    async appeal(appealId) {
      const { rows } = await transactions.query<StoredAppeal>(FIND_APPEAL, [appealId]);
      return rows[0] === undefined ? undefined : appealOf(rows[0]);
    },
    async appeals({ holdId, dueBefore = Number.MAX_SAFE_INTEGER, limit, cursor }) {
      const [at, id] = readCursor(cursor) ?? [Number.MIN_SAFE_INTEGER, ''];
      const { rows } = await transactions.query<StoredAppeal>(
        holdId === undefined ? OPEN_APPEALS : APPEALS_OF_HOLD,
        [at, id, limit + 1, holdId ?? dueBefore],
      );
      return pageOf(rows.map(appealOf), limit, (last) => writeCursor(last.dueAt, last.appealId));
    },
  };
}

function makeInstructions(
  transactions: Transactions,
): Pick<CareStore, 'countStops' | 'addInstruction' | 'instruction' | 'instructions'> {
  return {
    async countStops(tx, holdId) {
      const { rows } = await transactions.open(tx).query<{ count: string }>(COUNT_STOPS, [holdId]);
      return integer(rows[0]?.count ?? 0);
    },
    async addInstruction(tx, one) {
      const { instructionId, holdId, payerId, authority, reference, instruction } = one;
      const values = [instructionId, holdId, payerId, authority, reference, instruction];
      const { receivedAt, validUntil, count, by } = one;
      const rest = [receivedAt, validUntil, count, by];
      return (
        (await run(transactions, tx, { what: ADD_INSTRUCTION, values: [...values, ...rest] })) === 1
      );
    },
    async instruction(instructionId) {
      const values = [instructionId];
      const { rows } = await transactions.query<StoredInstruction>(FIND_INSTRUCTION, values);
      return rows[0] === undefined ? undefined : instructionOf(rows[0]);
    },
    async instructions({ limit, cursor }) {
      const [at, id] = readCursor(cursor) ?? [Number.MAX_SAFE_INTEGER, ''];
      const values = [at, id, limit + 1];
      const { rows } = await transactions.query<StoredInstruction>(INSTRUCTIONS, values);
      const items = rows.map(instructionOf);
      return pageOf(items, limit, (last) => writeCursor(last.receivedAt, last.instructionId));
    },
  };
}

function makeCosts(transactions: Transactions): Pick<CareStore, 'addCost' | 'costsOf'> {
  return {
    async addCost(tx, { costId, holdId, kind, currency, minor, at, by }) {
      return (
        (await run(transactions, tx, {
          what: ADD_COST,
          values: [costId, holdId, kind, currency, minor, at, by],
        })) === 1
      );
    },
    async costsOf(holdId) {
      const { rows } = await transactions.query<StoredCost>(COSTS_OF, [holdId]);
      return rows.map(
        ({ cost_id: costId, hold_id, kind, currency, minor, at, recorded_by: by }) => {
          return {
            costId,
            holdId: hold_id,
            kind,
            currency,
            minor: integer(minor),
            at: integer(at),
            by,
          };
        },
      );
    },
  };
}

function columnsOf(appeals: readonly Appeal[]): Parameter[] {
  return [
    appeals.map((one) => one.appealId),
    appeals.map((one) => one.kind),
    appeals.map((one) => one.holdId),
    appeals.map((one) => one.payerId),
    appeals.map((one) => one.partition),
    appeals.map((one) => one.origin),
    appeals.map((one) => one.receivedAt),
    appeals.map((one) => one.dueAt),
    appeals.map((one) => one.typed ?? null),
    appeals.map((one) => one.state),
  ];
}

function writeCursor(at: number, id: string): string {
  return Buffer.from(`${at} ${id}`).toString('base64url');
}

/** A cursor that we did not write starts at the beginning. */
function readCursor(cursor: string | undefined): readonly [number, string] | undefined {
  const [at = '', id] = Buffer.from(cursor ?? '', 'base64url')
    .toString()
    .split(' ');
  return /^-?\d{1,15}$/.test(at) && id !== undefined ? [Number(at), id] : undefined;
}
