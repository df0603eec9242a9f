/** What is known about payees and payers beside the evidence: activity across payers (PY3) and profiles. */
import type { PayeeRequest, PayerProfile } from '#application';
import {
  PAYEE_ACTIVITY_MS,
  PAYEE_PAYERS_MAX,
  payeeActivityOf,
  type PayeeActivity,
  type PayeeNumbers,
  type PlatformEvent,
} from '#domain';
import { integer } from './integers.ts';
import type { OpenTransaction } from './transactions.ts';

const KEEP_ACTIVITY = {
  name: 'payees.keep_activity',
  text: `
    INSERT INTO payee_activity AS old (payee_id, payer_id, last_at, minor)
    SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[])
    ON CONFLICT (payee_id, payer_id) DO UPDATE
      SET last_at = excluded.last_at, minor = excluded.minor
      WHERE old.last_at < excluded.last_at`,
};

/** Keeps, per payee and payer, the latest attempt that PY3 counts. */
export async function keepPayeeActivity(
  transaction: OpenTransaction,
  events: readonly PlatformEvent[],
): Promise<void> {
  const latest = new Map<string, PayeeActivity>();
  for (const event of events) {
    const activity = payeeActivityOf(event);
    if (activity === undefined) continue;
    const pair = `${activity.payeeId}\n${activity.payerId}`;
    const other = latest.get(pair);
    if (other === undefined || other.at < activity.at) latest.set(pair, activity);
  }
  if (latest.size === 0) return;
  // Sorted, so that a zombie's transaction and ours do not wait for each other.
  const rows = [...latest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, activity]) => activity);
  await transaction.query(KEEP_ACTIVITY, [
    rows.map((row) => row.payeeId),
    rows.map((row) => row.payerId),
    rows.map((row) => row.at),
    rows.map((row) => row.minor),
  ]);
}

// Reads at most five index entries per request, however many payers a payee has.
const NUMBERS = {
  name: 'payees.numbers',
  text: `
    SELECT r.ord::integer AS ord, counted.payers,
      (extract(epoch FROM statement_timestamp()) * 1000)::bigint AS read_at
    FROM unnest($1::text[], $2::text[], $3::bigint[]) WITH ORDINALITY
      AS r (payee_id, payer_id, at, ord)
    CROSS JOIN LATERAL (
      SELECT count(*)::integer AS payers FROM (
        SELECT 1 FROM payee_activity a
        WHERE a.payee_id = r.payee_id AND a.payer_id <> r.payer_id
          AND a.last_at > r.at - ${PAYEE_ACTIVITY_MS} AND a.last_at < r.at + ${PAYEE_ACTIVITY_MS}
        LIMIT ${PAYEE_PAYERS_MAX}) few) counted
    ORDER BY r.ord`,
};

/** Payee numbers in the order of the requests. `fastCashOut` is not read yet and is always false. */
export async function readPayeeNumbers(
  transaction: OpenTransaction,
  requests: readonly PayeeRequest[],
): Promise<readonly PayeeNumbers[]> {
  if (requests.length === 0) return [];
  const { rows } = await transaction.query<{ payers: number; read_at: string }>(NUMBERS, [
    requests.map((request) => request.payeeId),
    requests.map((request) => request.payerId),
    requests.map((request) => request.at),
  ]);
  return rows.map((row) => ({
    readAt: integer(row.read_at),
    newPayers24h: row.payers,
    fastCashOut: false,
  }));
}

const SAVE_PROFILES = {
  name: 'profiles.save',
  text: `
    INSERT INTO profiles AS old (payer_id, updated_at, data)
    SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[])
    ON CONFLICT (payer_id) DO UPDATE SET updated_at = excluded.updated_at, data = excluded.data
      WHERE old.updated_at < excluded.updated_at`,
};

/** The latest event time wins, within the call and against what is stored. */
export async function saveProfiles(
  transaction: OpenTransaction,
  profiles: readonly PayerProfile[],
): Promise<void> {
  const latest = new Map<string, PayerProfile>();
  for (const profile of profiles) {
    const other = latest.get(profile.payerId);
    if (other === undefined || other.updatedAt < profile.updatedAt) {
      latest.set(profile.payerId, profile);
    }
  }
  if (latest.size === 0) return;
  const rows = [...latest.values()].sort((a, b) => (a.payerId < b.payerId ? -1 : 1));
  await transaction.query(SAVE_PROFILES, [
    rows.map((row) => row.payerId),
    rows.map((row) => row.updatedAt),
    rows.map((row) => JSON.stringify(row)),
  ]);
}

const READ_PROFILES = {
  name: 'profiles.read',
  text: 'SELECT data FROM profiles WHERE payer_id = ANY ($1::text[])',
};

export async function readProfiles(
  transaction: OpenTransaction,
  payerIds: readonly string[],
): Promise<ReadonlyMap<string, PayerProfile>> {
  if (payerIds.length === 0) return new Map();
  const { rows } = await transaction.query<{ data: string }>(READ_PROFILES, [payerIds]);
  const profiles = rows.map((row) => JSON.parse(row.data) as PayerProfile);
  return new Map(profiles.map((profile) => [profile.payerId, profile]));
}
