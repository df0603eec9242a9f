/** How far each topic-partition was read, under an epoch: the fence that makes a batch count once. */
import { InvariantBroken, PartitionsFenced } from '#application';
import type { PartitionLease, PositionAdvance, TopicPosition } from '#application';
import { INPUT_TOPICS, type InputTopic } from '#domain';
import { integer } from './integers.ts';
import type { OpenTransaction, Transactions } from './transactions.ts';

const CREATE = {
  name: 'positions.create',
  text: `
    INSERT INTO positions (partition, topic, next_offset, epoch, owner)
    SELECT p, t, 0, 0, '' FROM unnest($1::integer[]) p CROSS JOIN unnest($2::text[]) t
    ON CONFLICT DO NOTHING`,
};
const LOCK = {
  name: 'positions.lock',
  text: `SELECT 1 FROM positions WHERE partition = ANY ($1::integer[])
    ORDER BY partition, topic FOR UPDATE`,
};
// The epoch stands in every row, so that a claim waits for a running `advance` and the next one fails.
const RAISE = {
  name: 'positions.raise',
  text: `
    UPDATE positions p SET epoch = latest.epoch + 1, owner = $2
    FROM (SELECT partition, max(epoch) AS epoch FROM positions
      WHERE partition = ANY ($1::integer[]) GROUP BY partition) latest
    WHERE p.partition = latest.partition
    RETURNING p.partition, p.topic, p.next_offset, p.epoch`,
};

interface PositionRow {
  readonly partition: number;
  readonly topic: InputTopic;
  readonly next_offset: string;
  readonly epoch: string;
}

/** Raises the epochs of the partitions, creating rows that are missing, and returns where they stand. */
export function claim(
  transactions: Transactions,
  instanceId: string,
  partitions: readonly number[],
): Promise<readonly PartitionLease[]> {
  return transactions.run(async (tx) => {
    const open = transactions.open(tx);
    const [, , { rows }] = await Promise.all([
      open.query(CREATE, [partitions, INPUT_TOPICS]),
      open.query(LOCK, [partitions]),
      open.query<PositionRow>(RAISE, [partitions, instanceId]),
    ]);
    return [...new Set(partitions)]
      .sort((a, b) => a - b)
      .map((partition) => leaseOf(
        partition,
        rows.filter((row) => row.partition === partition),
      ));
  });
}

function leaseOf(partition: number, rows: readonly PositionRow[]): PartitionLease {
  const positions: TopicPosition[] = INPUT_TOPICS.map((topic) => {
    const row = rows.find((one) => one.topic === topic);
    return { topic, partition, nextOffset: integer(row?.next_offset ?? 0) };
  });
  return { partition, epoch: integer(rows[0]?.epoch ?? 0), positions };
}

const ADVANCE = {
  name: 'positions.advance',
  text: `
    UPDATE positions p SET next_offset = r.next_offset
    FROM unnest($1::integer[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[])
      AS r (partition, topic, epoch, expected_offset, next_offset)
    WHERE p.partition = r.partition AND p.topic = r.topic
      AND p.epoch = r.epoch AND p.next_offset = r.expected_offset
    RETURNING p.partition, p.topic`,
};

/** Compare-and-set of every position with its epoch. Throws `PartitionsFenced` naming those that are not as expected. */
export async function advance(
  transaction: OpenTransaction,
  advances: readonly PositionAdvance[],
): Promise<void> {
  if (advances.length === 0) return;
  if (advances.some((one) => one.nextOffset < one.expectedOffset)) {
    throw new InvariantBroken('a position went backwards');
  }
  const rows = advances.toSorted(
    (a, b) => a.partition - b.partition || (a.topic < b.topic ? -1 : 1),
  );
  const { rows: moved } = await transaction.query<Pick<PositionRow, 'partition' | 'topic'>>(
    ADVANCE,
    [
      rows.map((row) => row.partition),
      rows.map((row) => row.topic),
      rows.map((row) => row.epoch),
      rows.map((row) => row.expectedOffset),
      rows.map((row) => row.nextOffset),
    ],
  );
  const done = new Set(moved.map((row) => `${row.partition} ${row.topic}`));
  const fenced = rows.filter((row) => !done.has(`${row.partition} ${row.topic}`));
  if (fenced.length > 0) {
    throw new PartitionsFenced([...new Set(fenced.map((row) => row.partition))]);
  }
}

const SEEN = {
  name: 'positions.seen',
  text: 'SELECT DISTINCT topic FROM positions WHERE next_offset > 0',
};

export async function readUnseenTopics(transactions: Transactions): Promise<readonly InputTopic[]> {
  const { rows } = await transactions.query<{ topic: string }>(SEEN, []);
  const seen = new Set(rows.map((row) => row.topic));
  return INPUT_TOPICS.filter((topic) => !seen.has(topic));
}
