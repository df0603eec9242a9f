/** What people ask and agree about holds, on the in-memory store, with the rules that PostgreSQL keeps by constraints. */
import {
  InvariantBroken,
  type Appeal,
  type CareStore,
  type DelayCost,
  type Instruction,
  type Page,
  type ReleaseRequest,
} from '#application';
import { makeTable, type MemoryTransactions, type Table } from './store-transactions.ts';

export function makeCareStore(transactions: MemoryTransactions, appeals: Table<Appeal>): CareStore {
  return {
    ...makeRequests(transactions),
    ...makeAppeals(transactions, appeals),
    ...makeInstructions(transactions),
    ...makeCosts(transactions),
  };
}

function makeRequests({
  open,
}: MemoryTransactions): Pick<
  CareStore,
  | 'addReleaseRequest'
  | 'lockReleaseRequest'
  | 'decideReleaseRequest'
  | 'releaseRequest'
  | 'releaseRequestsOf'
> {
  const requests: Table<ReleaseRequest> = makeTable((row) => row.holdId);
  return {
    async addReleaseRequest(tx, request) {
      const ofHold = open(tx).group(requests, request.holdId);
      const taken = ofHold.some(
        ({ state, requestId }) => state === 'open' || requestId === request.requestId,
      );
      if (!taken) open(tx).put(requests, request.requestId, request);
      return !taken;
    },
    async lockReleaseRequest(tx, requestId) {
      await open(tx).lock(`release:${requestId}`);
      return open(tx).get(requests, requestId);
    },
    async decideReleaseRequest(tx, request) {
      if (request.state === 'approved' && request.decided?.by === request.by) {
        throw new InvariantBroken('nobody agrees to what they asked for');
      }
      open(tx).put(requests, request.requestId, request);
    },
    releaseRequest: (requestId) => Promise.resolve(requests.rows.get(requestId)),
    releaseRequestsOf: (holdIds) =>
      Promise.resolve(
        holdIds
          .flatMap((holdId) => [...(requests.groups.get(holdId)?.values() ?? [])])
          .sort((a, b) => a.at - b.at || compare(a.requestId, b.requestId)),
      ),
  };
}

function makeAppeals(
  { open }: MemoryTransactions,
  appeals: Table<Appeal>,
): Pick<CareStore, 'addAppeals' | 'lockAppeal' | 'decideAppeal' | 'appeal' | 'appeals'> {
  return {
    async addAppeals(tx, given) {
      const added = given.filter(({ appealId }) => open(tx).get(appeals, appealId) === undefined);
      for (const appeal of added) open(tx).put(appeals, appeal.appealId, appeal);
      return new Set(added.map(({ appealId }) => appealId));
    },
    async lockAppeal(tx, appealId) {
      await open(tx).lock(`appeal:${appealId}`);
      return open(tx).get(appeals, appealId);
    },
    async decideAppeal(tx, appeal) {
      open(tx).put(appeals, appeal.appealId, appeal);
    },
    appeal: (appealId) => Promise.resolve(appeals.rows.get(appealId)),
    appeals({ holdId, dueBefore = Number.POSITIVE_INFINITY, limit, cursor }) {
      const rows = [...appeals.rows.values()].filter((row) =>
        holdId === undefined
          ? row.state === 'open' && row.dueAt < dueBefore
          : row.holdId === holdId,
      );
      return Promise.resolve(
        page(rows, { limit, cursor }, (row) => [row.dueAt, row.appealId] as const),
      );
    },
  };
}

function makeInstructions({
  open,
}: MemoryTransactions): Pick<
  CareStore,
  'countStops' | 'addInstruction' | 'instruction' | 'instructions'
> {
  const instructions: Table<Instruction> = makeTable((row) => row.holdId);
  return {
    countStops: (tx, holdId) =>
      Promise.resolve(
        open(tx)
          .group(instructions, holdId)
          .filter(({ instruction }) => instruction === 'stop').length,
      ),
    async addInstruction(tx, instruction) {
      if (instruction.instruction === 'stop' && instruction.count > 2) {
        throw new InvariantBroken('an instruction to stop comes at most twice');
      }
      const known = open(tx).get(instructions, instruction.instructionId) !== undefined;
      if (!known) open(tx).put(instructions, instruction.instructionId, instruction);
      return !known;
    },
    instruction: (instructionId) => Promise.resolve(instructions.rows.get(instructionId)),
    instructions: ({ limit, cursor }) =>
      Promise.resolve(
        page(
          [...instructions.rows.values()],
          { limit, cursor },
          (row) => [0 - row.receivedAt, row.instructionId] as const,
        ),
      ),
  };
}

function makeCosts({ open }: MemoryTransactions): Pick<CareStore, 'addCost' | 'costsOf'> {
  const costs: Table<DelayCost> = makeTable((row) => row.holdId);
  return {
    async addCost(tx, cost) {
      const known = open(tx).get(costs, cost.costId) !== undefined;
      if (!known) open(tx).put(costs, cost.costId, cost);
      return !known;
    },
    costsOf: (holdId) =>
      Promise.resolve(
        [...(costs.groups.get(holdId)?.values() ?? [])].sort(
          (a, b) => a.at - b.at || compare(a.costId, b.costId),
        ),
      ),
  };
}

type Place = readonly [at: number, id: string];

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function page<Item>(
  rows: readonly Item[],
  { limit, cursor }: { readonly limit: number; readonly cursor: string | undefined },
  placeOf: (row: Item) => Place,
): Page<Item> {
  const after = cursor === undefined ? undefined : (JSON.parse(cursor) as Place);
  const inOrder = (a: Place, b: Place): number => a[0] - b[0] || compare(a[1], b[1]);
  const rest = rows
    .filter((row) => after === undefined || inOrder(placeOf(row), after) > 0)
    .sort((a, b) => inOrder(placeOf(a), placeOf(b)));
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  if (last === undefined || rest.length <= limit) return { items };
  return { items, nextCursor: JSON.stringify(placeOf(last)) };
}
