/** How far each topic-partition was read, under an epoch: the fence that makes a batch count once. */
import { InvariantBroken, PartitionsFenced } from '#application';
import type { PartitionLease, PositionAdvance, ResponsesRead, TopicPosition } from '#application';
import { INPUT_TOPICS, type FeedPulse, type InputTopic } from '#domain';
import { integer } from './integers.ts';
import type { OpenTransaction, Transactions } from './transactions.ts';

const CREATE = {
  name: 'positions.create',
  text: `
    INSERT INTO positions (partition, topic, next_offset, epoch, owner)
    SELECT p, t, 0, 0, '' FROM unnest($1::integer[]) p CROSS JOIN unnest($2::text[]) t
    ORDER BY p, t COLLATE "C" ON CONFLICT DO NOTHING`,
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
    RETURNING p.partition, p.topic, p.next_offset, p.epoch, p.last_event_at, p.silence_ms,
      p.silence_at`,
};

interface PositionRow {
  readonly partition: number;
  readonly topic: InputTopic;
  readonly next_offset: string;
  readonly epoch: string;
  readonly last_event_at: string | null;
  readonly silence_ms: string | null;
  readonly silence_at: string | null;
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
      .map((partition) =>
        leaseOf(
          partition,
          rows.filter((row) => row.partition === partition),
        ),
      );
  });
}

function leaseOf(partition: number, rows: readonly PositionRow[]): PartitionLease {
  const positions: TopicPosition[] = INPUT_TOPICS.map((topic) => {
    const row = rows.find((one) => one.topic === topic);
    return { topic, partition, nextOffset: integer(row?.next_offset ?? 0) };
  });
  const spoken = rows.flatMap((row): readonly [InputTopic, FeedPulse][] => {
    const pulse = pulseOf(row);
    return pulse === undefined ? [] : [[row.topic, pulse]];
  });
  const feeds = Object.fromEntries(spoken);
  return { partition, epoch: integer(rows[0]?.epoch ?? 0), positions, feeds };
}

function pulseOf(row: PositionRow): FeedPulse | undefined {
  const { last_event_at: lastAt, silence_ms: silenceMs, silence_at: silenceAt } = row;
  if (lastAt === null || silenceMs === null || silenceAt === null) return undefined;
  return {
    lastAt: integer(lastAt),
    silenceMs: integer(silenceMs),
    silenceAt: integer(silenceAt),
  };
}

// Locked in the same order as a claim locks them. A row that a claim changed meanwhile no longer meets the condition.
const ADVANCE = {
  name: 'positions.advance',
  text: `
    WITH wanted AS MATERIALIZED (
      SELECT * FROM unnest($1::integer[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[],
          $6::bigint[], $7::bigint[], $8::bigint[])
        AS r (partition, topic, epoch, expected_offset, next_offset, last_event_at, silence_ms,
          silence_at)
    ), locked AS MATERIALIZED (
      SELECT p.partition, p.topic FROM positions p
      WHERE (p.partition, p.topic) IN (SELECT w.partition, w.topic FROM wanted w)
      ORDER BY p.partition, p.topic FOR UPDATE
    )
    UPDATE positions p SET next_offset = r.next_offset,
      last_event_at = coalesce(r.last_event_at, p.last_event_at),
      silence_ms = coalesce(r.silence_ms, p.silence_ms),
      silence_at = coalesce(r.silence_at, p.silence_at)
    FROM wanted r JOIN locked USING (partition, topic)
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
  const { rows } = await transaction.query<Pick<PositionRow, 'partition' | 'topic'>>(ADVANCE, [
    advances.map((one) => one.partition),
    advances.map((one) => one.topic),
    advances.map((one) => one.epoch),
    advances.map((one) => one.expectedOffset),
    advances.map((one) => one.nextOffset),
    advances.map((one) => one.pulse?.lastAt ?? null),
    advances.map((one) => one.pulse?.silenceMs ?? null),
    advances.map((one) => one.pulse?.silenceAt ?? null),
  ]);
  const moved = new Set(rows.map((row) => `${row.partition} ${row.topic}`));
  const fenced = advances.filter((one) => !moved.has(`${one.partition} ${one.topic}`));
  if (fenced.length > 0) {
    const partitions = new Set(fenced.map((one) => one.partition));
    throw new PartitionsFenced([...partitions].sort((a, b) => a - b));
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

/*
 * Under the epoch, so that an instance that lost the partition says nothing about answers that its successor has yet to apply. Losing the last
 * of these in a crash only delays a release, so the commit is not waited for on disk.
 */
const MARK_RESPONSES = {
  name: 'positions.mark_responses',
  text: `
    INSERT INTO responses_read (partition, read_until)
    SELECT r.partition, r.read_until
    FROM unnest($1::integer[], $2::bigint[], $3::bigint[]) AS r (partition, epoch, read_until)
    WHERE r.epoch = (SELECT max(p.epoch) FROM positions p WHERE p.partition = r.partition)
    ORDER BY r.partition
    ON CONFLICT (partition) DO UPDATE SET read_until = excluded.read_until
      WHERE responses_read.read_until < excluded.read_until`,
};

const NO_WAIT = { name: 'positions.no_wait', text: `SET LOCAL synchronous_commit = off` };

export async function markResponsesRead(
  transactions: Transactions,
  marks: readonly ResponsesRead[],
): Promise<void> {
  await transactions.run(async (tx) => {
    const open = transactions.open(tx);
    await Promise.all([
      open.query(NO_WAIT, []),
      open.query(MARK_RESPONSES, [
        marks.map((mark) => mark.partition),
        marks.map((mark) => mark.epoch),
        marks.map((mark) => mark.readUntil),
      ]),
    ]);
  });
}
