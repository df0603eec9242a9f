/** Vouching for a payee: each change is one row and one entry in the payer's chain, or nothing at all. */
import { describe, expect, it } from '@jest/globals';
import { NODE_HASHING } from '#config';
import { DAY_MS } from '#domain';
import { makeMemoryStore } from '#testing';
import { endQuiet, quietPayee, type QuietDeps } from './quiet-payee.ts';

const NOW = Date.UTC(2026, 8, 1, 12);
const ASKED = {
  payerId: 'payer-1',
  payeeId: 'landlord',
  until: NOW + 30 * DAY_MS,
  reason: 'met in person',
  by: 'console',
};

function openDesk() {
  const clock = { at: NOW, now: () => clock.at };
  const store = makeMemoryStore(clock.now);
  const deps: QuietDeps = {
    unitOfWork: store.unitOfWork,
    quiets: store.quietStore,
    journal: store.journalStore,
    clock,
    hashing: NODE_HASHING,
    partitionOf: () => 0,
  };
  const types = async (): Promise<readonly string[]> =>
    (await store.journalStore.readAfter(0, 0, 10)).map(({ type }) => type);
  return { clock, store, deps, types };
}

describe('vouching for a payee', () => {
  it('leaves one entry, and one more when it is taken back', async () => {
    const { clock, store, deps, types } = openDesk();
    await store.engineStore.claim('engine', [0]);
    const quieted = await quietPayee(deps, ASKED);
    if (!quieted.ok) throw new Error(quieted.code);
    expect(await types()).toEqual(['payee.quieted']);
    clock.at = NOW + DAY_MS;
    const { quietId } = quieted.quiet;
    const ended = await endQuiet(deps, { quietId, reason: 'unsure', by: 'other' });
    expect(ended).toMatchObject({ ok: true, quiet: { until: NOW + DAY_MS, endedBy: 'other' } });
    expect(await types()).toEqual(['payee.quieted', 'payee.quiet-ended']);
  });

  it('that is refused leaves none', async () => {
    const { store, deps, types } = openDesk();
    expect(await quietPayee(deps, ASKED)).toEqual({ ok: false, code: 'no_partitions' });
    await store.engineStore.claim('engine', [0]);
    expect(await quietPayee(deps, { ...ASKED, until: NOW })).toMatchObject({ code: 'until_past' });
    expect(await endQuiet(deps, { quietId: 'x', reason: 'x', by: 'x' })).toMatchObject({
      code: 'quiet_unknown',
    });
    expect(await types()).toEqual([]);
  });

  it('whose commit fails leaves none either', async () => {
    const { store, deps, types } = openDesk();
    await store.engineStore.claim('engine', [0]);
    store.failNextCommit('before');
    await expect(quietPayee(deps, ASKED)).rejects.toThrow();
    expect(await types()).toEqual([]);
    expect((await store.quietStore.list({ endsAfter: 0, limit: 9 })).quiets).toEqual([]);
  });
});
