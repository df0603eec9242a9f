import { describe, expect, it } from '@jest/globals';
import { readLine } from '#contracts';
import { DAY_MS, type PlatformEvent, type TransferRequested } from '#domain';
import type { AmlsimRow } from '../amlsim-rows.ts';
import type { TransferLabel } from '../simulate/labels.ts';
import { Chance } from '../simulate/chance.ts';
import { DEFAULT_SETTINGS } from '../simulate/settings.ts';
import { overlay, type Collisions } from './amlsim-overlay.ts';

/** Rows of the same shape as the public ones, since those need not be there: thirty payers, hardly any pair twice. */
function rowsOf(count: number): AmlsimRow[] {
  const chance = new Chance('rows');
  return Array.from({ length: count }, (_, index) => ({
    from: String(chance.between(1, 30)),
    to: String(chance.between(31, 1_500)),
    value: (chance.between(1, 60_000) / 100).toFixed(2),
    step: 1 + Math.floor((index * 38) / count),
  }));
}

const rows = rowsOf(900);

function run(repair: boolean): {
  readonly events: readonly PlatformEvent[];
  readonly labels: readonly TransferLabel[];
  readonly base: readonly TransferRequested[];
  readonly collisions: Collisions;
} {
  const collisions: Collisions = { trials: { 4: 0, 6: 0 }, matches: { 4: 0, 6: 0 } };
  const options = { seed: 'spec', rows, repair, episodes: 26, lookalikesPerEpisode: 4 };
  const events: PlatformEvent[] = [];
  const labels: TransferLabel[] = [];
  for (const batch of overlay(options, collisions)) {
    labels.push(...batch.transferLabels);
    for (const line of batch.lines) {
      const read = readLine(line, 1);
      if (read.kind !== 'event') throw new Error(line);
      events.push(read.event);
    }
  }
  const base = events.flatMap((event) =>
    event.kind === 'transfer.requested' && event.source.includes('AMLSim') ? [event] : [],
  );
  return { events, labels, base, collisions };
}

const [plain, repaired] = [run(false), run(true)];

describe('the overlay over public transfers', () => {
  it('leaves the base as it is: who, to whom, on which day, in which order', () => {
    expect(plain.base).toHaveLength(rows.length);
    const byId = new Map(plain.base.map((one) => [one.transferId, one]));
    for (const [index, row] of rows.entries()) {
      const event = byId.get(`amlsim-${index + 1}`);
      expect(event?.payer).toEqual({ accountId: `amlsim-${row.from}` });
      expect(event?.payee.accountId).toBe(`amlsim-${row.to}`);
      const day = Math.floor(((event?.time ?? 0) - DEFAULT_SETTINGS.start) / DAY_MS);
      expect(day).toBe(row.step);
      expect(Math.abs((event?.amount.minor ?? 0) / 300 - Number(row.value))).toBeLessThan(34);
    }
  });

  it('changes payees only where it repairs them, to one of the last five', () => {
    const repeats = ({ base }: typeof plain): number =>
      base.filter(({ payee }) => (payee.paidCount ?? 0) > 0).length / base.length;
    expect(repeats(plain)).toBeLessThan(0.05);
    expect(repeats(repaired)).toBeGreaterThan(0.7);
    expect(repeats(repaired)).toBeLessThan(0.85);
    expect(repaired.base.map(({ transferId, payer, time }) => [transferId, payer, time])).toEqual(
      plain.base.map(({ transferId, payer, time }) => [transferId, payer, time]),
    );
  });

  it('is in order, labelled in full, with scams and look-alikes in the second half only', () => {
    for (const { events, labels } of [plain, repaired]) {
      expect(events.filter(({ time }, index) => time < (events[index - 1]?.time ?? 0))).toEqual([]);
      const transfers = events.flatMap((one) => (one.kind === 'transfer.requested' ? [one] : []));
      expect(new Set(labels.map(({ transferId }) => transferId))).toEqual(
        new Set(transfers.map(({ transferId }) => transferId)),
      );
      expect(labels.length).toBe(transfers.length);
      const middle = DEFAULT_SETTINGS.start + (39 * DAY_MS) / 2;
      const scams = new Set(
        labels.flatMap((one) => (one.label === 'scam' ? [one.transferId] : [])),
      );
      expect(scams.size).toBeGreaterThan(20);
      expect(labels.filter(({ script }) => script.startsWith('lookalike:')).length).toBeGreaterThan(
        40,
      );
      for (const { transferId, time } of transfers) {
        if (scams.has(transferId)) expect(time).toBeGreaterThan(middle);
      }
    }
  });

  it('counts codes that could have been the amount', () => {
    const { trials, matches } = plain.collisions;
    expect(trials[4]).toBeGreaterThan(50);
    expect(matches[4]).toBeLessThan(5);
  });
});
