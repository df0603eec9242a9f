/** Habits of payers: one JSON value for each who borrows. */
import type { HabitRequest, HabitWrite } from '#application';
import { habitsKnownAt, type Habits } from '#domain';
import type { OpenTransaction } from './transactions.ts';

const READ = {
  name: 'habits.read',
  text: `
    SELECT r.ord::integer AS ord, h.data
    FROM unnest($1::integer[], $2::text[]) WITH ORDINALITY AS r (partition, payer_id, ord)
    CROSS JOIN LATERAL (
      SELECT h.data FROM payer_habits h
      WHERE h.partition = r.partition AND h.payer_id = r.payer_id
      OFFSET 0) h`,
};

/** In the order of the requests. */
export async function readHabits(
  transaction: OpenTransaction,
  requests: readonly HabitRequest[],
): Promise<readonly (Habits | undefined)[]> {
  if (requests.length === 0) return [];
  const { rows } = await transaction.query<{ ord: number; data: string }>(READ, [
    requests.map((request) => request.partition),
    requests.map((request) => request.payerId),
  ]);
  const byOrdinal = new Map(rows.map((row) => [row.ord, JSON.parse(row.data) as Habits]));
  return requests.map((_request, index) => byOrdinal.get(index + 1));
}

const SAVE = {
  name: 'habits.save',
  text: `
    INSERT INTO payer_habits AS old (partition, payer_id, known_at, data)
    SELECT * FROM unnest($1::integer[], $2::text[], $3::bigint[], $4::text[])
    ON CONFLICT (partition, payer_id) DO UPDATE
      SET known_at = excluded.known_at, data = excluded.data`,
};

/** A row is written by the payer's own partition alone; a zombie's write fails with its positions. */
export async function saveHabits(
  transaction: OpenTransaction,
  writes: readonly HabitWrite[],
): Promise<void> {
  if (writes.length === 0) return;
  // Sorted, so that a zombie's transaction and ours do not wait for each other.
  const rows = writes.toSorted((a, b) =>
    a.partition === b.partition ? (a.payerId < b.payerId ? -1 : 1) : a.partition - b.partition,
  );
  await transaction.query(SAVE, [
    rows.map((row) => row.partition),
    rows.map((row) => row.payerId),
    rows.map((row) => habitsKnownAt(row.habits)),
    rows.map((row) => JSON.stringify(row.habits)),
  ]);
}
