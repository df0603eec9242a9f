/** What platforms tell of payers: the latest profile. */
import type { PayerProfile } from '#application';
import type { OpenTransaction } from './transactions.ts';

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
