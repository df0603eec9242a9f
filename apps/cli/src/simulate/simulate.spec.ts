import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { makeCodeBook, readLine } from '#contracts';
import type { PlatformEvent, TransferRequested } from '#domain';
import { SIMULATION_CODE_KEY, SIMULATION_KEY_ID } from './code-key.ts';
import { FEEDS, feedOf, type Feed } from './feeds.ts';
import type { DrawLabel, TransferLabel } from './labels.ts';
import { EVASIONS } from './scams/evasions.ts';
import { SCRIPTS } from './scams/scripts.ts';
import { DEFAULT_SETTINGS, type SimulationSettings } from './settings.ts';
import { populate, runWorld, simulate } from './simulate.ts';
import { World } from './world.ts';

const SMALL: SimulationSettings = {
  ...DEFAULT_SETTINGS,
  seed: 'spec',
  payers: 200,
  days: 12,
  scamRate: 0.02,
};

interface Run {
  readonly lines: readonly string[];
  readonly events: readonly PlatformEvent[];
  readonly labels: readonly TransferLabel[];
  readonly draws: readonly DrawLabel[];
}

function runOf(settings: SimulationSettings): Run {
  const lines: string[] = [];
  const labels: TransferLabel[] = [];
  const draws: DrawLabel[] = [];
  for (const batch of simulate(settings)) {
    lines.push(...batch.lines);
    labels.push(...batch.transferLabels);
    draws.push(...batch.drawLabels);
  }
  const events = lines.map((line, index) => {
    const read = readLine(line, index + 1);
    if (read.kind !== 'event') throw new Error(`line ${index + 1} is ${JSON.stringify(read)}`);
    return read.event;
  });
  return { lines, events, labels, draws };
}

const digestOf = (lines: readonly string[]): string =>
  createHash('sha256').update(lines.join('\n')).digest('hex');

const transfersOf = (events: readonly PlatformEvent[]): TransferRequested[] =>
  events.flatMap((event) => (event.kind === 'transfer.requested' ? [event] : []));

const run = runOf(SMALL);
const transfers = transfersOf(run.events);

describe('a simulation', () => {
  it('is the same bytes for the same seed, and others for another', () => {
    expect(digestOf(runOf(SMALL).lines)).toBe(digestOf(run.lines));
    const other = runOf({ ...SMALL, seed: 'spec2', days: 1 });
    expect(digestOf(other.lines)).not.toBe(digestOf(runOf({ ...SMALL, days: 1 }).lines));
  });

  it('consists of events that the contract accepts, in the order of their times', () => {
    expect(run.events.length).toBeGreaterThan(20_000);
    const early = run.events.filter(({ time }, index) => time < (run.events[index - 1]?.time ?? 0));
    expect(early).toEqual([]);
    expect(new Set(run.events.map(({ id }) => id)).size).toBe(run.events.length);
  });

  it('labels exactly the transfers, each once', () => {
    const labelled = run.labels.map(({ transferId }) => transferId);
    expect(new Set(labelled).size).toBe(labelled.length);
    expect(new Set(labelled)).toEqual(new Set(transfers.map(({ transferId }) => transferId)));
    const payers = new Map(transfers.map((one) => [one.transferId, one.payer.accountId]));
    const wrong = run.labels.filter(
      ({ transferId, payerId, label, script, episode }) =>
        payers.get(transferId) !== payerId ||
        (label === 'scam') !== Object.hasOwn(SCRIPTS, script) ||
        (label === 'scam') !== (episode !== undefined),
    );
    expect(wrong).toEqual([]);
  });

  it('labels the draws that are asked for', () => {
    const asked = run.events.flatMap((event) =>
      event.kind === 'credit.draw-requested' ? [event.drawId] : [],
    );
    expect(run.draws.map(({ drawId }) => drawId).sort()).toEqual(asked.sort());
  });

  it('says of a payee what really happened before', () => {
    const settled = new Map<string, TransferRequested>();
    const byId = new Map(transfers.map((one) => [one.transferId, one]));
    // What the first request of a pair says, and payments since.
    const counts = new Map<string, { said: number; since: number }>();
    const wrong: TransferRequested[] = [];
    let compared = 0;
    for (const event of run.events) {
      if (event.kind === 'transfer.settled') {
        const request = byId.get(event.transferId);
        if (request === undefined) throw new Error('settled without a request');
        settled.set(event.transferId, request);
        const pair = counts.get(`${request.payer.accountId} ${request.payee.accountId}`);
        if (pair !== undefined) pair.since += 1;
      }
      if (event.kind !== 'transfer.requested' || event.payee.paidCount === undefined) continue;
      const key = `${event.payer.accountId} ${event.payee.accountId}`;
      const pair = counts.get(key);
      if (pair === undefined) counts.set(key, { said: event.payee.paidCount, since: 0 });
      else {
        if (event.payee.paidCount !== pair.said + pair.since) wrong.push(event);
        compared += 1;
      }
      if ((event.payee.firstPaidAt === undefined) !== (event.payee.paidCount === 0))
        wrong.push(event);
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(1_000);
    expect(settled.size).toBeGreaterThan(0.97 * transfers.length);
  });

  it('brings what is sent to people of the stream to them, to the fen', () => {
    const payers = new Set(run.events.map(({ payer }) => payer.accountId));
    const sums = new Map<string, number>();
    const add = (from: string, to: string, fen: number): void => {
      const key = `${from} ${to}`;
      const sum = (sums.get(key) ?? 0) + fen;
      if (sum === 0) sums.delete(key);
      else sums.set(key, sum);
    };
    const byId = new Map(transfers.map((one) => [one.transferId, one]));
    for (const event of run.events) {
      const request = event.kind === 'transfer.settled' ? byId.get(event.transferId) : undefined;
      if (
        request !== undefined &&
        request.payee.kind === 'wallet' &&
        payers.has(request.payee.accountId)
      ) {
        add(request.payer.accountId, request.payee.accountId, request.amount.minor);
      }
      if (event.kind === 'funds.received' && payers.has(event.from.accountId)) {
        add(event.from.accountId, event.payer.accountId, -event.amount.minor);
      }
    }
    expect([...sums]).toEqual([]);
  });

  it('pays four times in five where it paid before', () => {
    const known = transfers.filter(({ payee }) => payee.paidCount !== undefined);
    const repeats = known.filter(({ payee }) => (payee.paidCount ?? 0) > 0).length;
    expect(repeats / known.length).toBeGreaterThan(0.77);
    expect(repeats / known.length).toBeLessThan(0.86);
  });
});

describe('the people', () => {
  it('never owe what they do not have', () => {
    const world = new World({ ...SMALL, payers: 100, days: 6 });
    populate(world);
    let [checked, least] = [0, 0];
    for (const _batch of runWorld(world)) {
      for (const { ledger } of world.people) {
        least = Math.min(least, ledger.balance, ledger.savings, ledger.bank, ledger.ownMoney);
        checked += 1;
      }
    }
    expect(least).toBe(0);
    expect(checked).toBeGreaterThan(1_000);
  });

  it('do as often as their rates say what they do', () => {
    const days = SMALL.payers * SMALL.days;
    const perDay = (kind: string): number =>
      run.events.filter((event) => event.kind === kind).length / days;
    // Bounds of the configured rates, wide enough for people who differ.
    const bounds: readonly (readonly [string, number, number])[] = [
      ['transfer.requested', 2, 4.5],
      ['code.observed', 0.3, 1.2],
      ['merchant.ordered', 0.15, 0.45],
      ['credit.drawn', 0.001, 0.05],
      ['savings.redeemed', 0.02, 0.3],
    ];
    for (const [kind, low, high] of bounds) {
      expect([kind, perDay(kind) > low, perDay(kind) < high]).toEqual([kind, true, true]);
    }
    const signals = new Set(
      run.events.flatMap((one) => (one.kind === 'session.observed' ? [one.signal] : [])),
    );
    for (const signal of [
      'login',
      'call_started',
      'screen_share_started',
      'new_device',
      'card_bound',
    ] as const) {
      expect([...signals]).toContain(signal);
    }
  });

  it('leave fields out as often as platforms do, not always and not never', () => {
    const share = (has: (one: TransferRequested) => boolean): number =>
      transfers.filter(has).length / transfers.length;
    for (const has of [
      (one: TransferRequested) => one.amountInput !== undefined,
      (one: TransferRequested) => one.profile !== undefined,
      (one: TransferRequested) => one.payer.sessionId !== undefined,
      (one: TransferRequested) => one.payer.role !== undefined,
      (one: TransferRequested) => one.payee.paidCount !== undefined,
    ]) {
      expect(share(has)).toBeGreaterThan(0.7);
      expect(share(has)).toBeLessThan(0.999);
    }
  });
});

describe('the scams', () => {
  it('begin as often as the rate says', () => {
    const episodes = new Set(run.labels.flatMap(({ episode }) => episode ?? []));
    const mean = SMALL.scamRate * SMALL.payers * SMALL.days;
    // Some end before a payment; none come without one.
    expect(episodes.size).toBeGreaterThan(mean * 0.6);
    expect(episodes.size).toBeLessThan(mean + 4 * Math.sqrt(mean));
    expect(run.labels.some(({ label }) => label === 'scam')).toBe(true);
    const none = runOf({ ...SMALL, scamRate: 0, days: 2 });
    expect(none.labels.filter(({ label }) => label === 'scam')).toEqual([]);
  });

  it('come in all scripts and with all evasions', () => {
    const codes = runOf({ ...SMALL, scripts: ['refund-code'], days: 8 });
    const scams = [...run.labels, ...codes.labels].filter(({ label }) => label === 'scam');
    expect(new Set(scams.map(({ script }) => script))).toEqual(new Set(Object.keys(SCRIPTS)));
    expect(new Set(scams.flatMap(({ evasions }) => evasions ?? []))).toEqual(new Set(EVASIONS));
  });

  it('are only those that were asked for', () => {
    const { labels } = runOf({ ...SMALL, scripts: ['romance', 'fake-boss'], days: 4 });
    const scripts = labels.filter(({ label }) => label === 'scam').map(({ script }) => script);
    expect(new Set(scripts)).toEqual(new Set(['romance', 'fake-boss']));
  });

  it('use codes that the printed key finds in the amounts, some of them', () => {
    const { events, labels } = runOf({ ...SMALL, scripts: ['refund-code'], days: 8 });
    const book = makeCodeBook(new Map([[SIMULATION_KEY_ID, SIMULATION_CODE_KEY]]));
    const scams = new Set(labels.flatMap((one) => (one.label === 'scam' ? [one.transferId] : [])));
    let matches = 0;
    const codes = events.flatMap((event) => (event.kind === 'code.observed' ? [event] : []));
    for (const transfer of transfersOf(events)) {
      if (!scams.has(transfer.transferId)) continue;
      const amount = String(transfer.amount.minor / 100);
      for (const code of codes) {
        if (code.payer.accountId !== transfer.payer.accountId) continue;
        const digest = book.digest(code.keyId, code.codeId, amount);
        if (code.digests.some((one) => one.digest === digest)) matches += 1;
      }
    }
    expect(matches).toBeGreaterThan(3);
  });
});

describe('feeds', () => {
  const small = { ...SMALL, payers: 60, days: 3, scamRate: 0.1 };
  const full = runOf(small);
  it.each(FEEDS)('without %s the rest is as it was', (feed) => {
    const left = runOf({ ...small, without: new Set([feed]) });
    const wanted = full.events.filter((event) => feedOfEvent(event) !== feed);
    expect(left.events.map(({ id }) => id)).toEqual(wanted.map(({ id }) => id));
    expect(left.labels).toEqual(full.labels);
    const changed =
      left.lines.length !== full.lines.length || digestOf(left.lines) !== digestOf(full.lines);
    expect(changed).toBe(true);
  });

  it('without them all leaves bare transfers', () => {
    const { events } = runOf({ ...small, without: new Set(FEEDS) });
    for (const event of events) {
      if (event.kind !== 'transfer.requested') throw new Error(`there is ${event.kind}`);
      expect([event.amountInput, event.profile, event.remark]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
      expect([event.payee.paidCount, event.payee.firstPaidAt]).toEqual([undefined, undefined]);
    }
  });
});

function feedOfEvent(event: PlatformEvent): Feed | undefined {
  return feedOf(event.kind, event.kind === 'session.observed' ? event.signal : undefined);
}
