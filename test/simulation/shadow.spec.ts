/** Shadow mode: everything is decided, journaled and marked; nothing is held, nobody is told, and nothing of it outlives it. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Replay, type DecisionSettings } from '#application';
import { NODE_HASHING } from '#config';
import { readLine } from '#contracts';
import { HOUR_MS, MINUTE_MS, type DecisionBody, type Facts, type PlatformEvent } from '#domain';
import { rehearsalSettings } from '#testing';
import { decisionsOf, openDesk } from './engine-desk.ts';

const LIVE = rehearsalSettings('lengjing-acceptance-key');
const SHADOW: DecisionSettings = { ...LIVE, policy: { ...LIVE.policy, mode: 'shadow' } };

/** Without what became of the money: in shadow mode it goes, live it waits. */
function sample(name: string): readonly PlatformEvent[] {
  const lines = readFileSync(`apps/cli/samples/${name}.jsonl`, 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    const read = readLine(line, index + 1);
    return read.kind === 'event' ? [read.event] : [];
  });
}

const seen = ({ outcome, tier, score, reasons, caseId }: DecisionBody) => ({
  outcome,
  tier,
  score,
  codes: reasons.map(({ code }) => code),
  caseId,
});

describe.each(['li', 'xu'])('the afternoon of %s in shadow mode', (name) => {
  it('is decided as live, marked, and holds nothing and tells nobody', async () => {
    const live = await openDesk().take(sample(name), LIVE);
    const desk = openDesk();
    const shadow = await desk.take(sample(name), SHADOW);
    expect(decisionsOf(shadow).map(seen)).toEqual(decisionsOf(live).map(seen));
    for (const { body, personal, type } of shadow) {
      expect(['decision.made', 'batch.consumed']).toContain(type);
      if (type !== 'decision.made') continue;
      expect(body).toMatchObject({ mode: 'shadow' });
      expect(body['hold']).toBeUndefined();
      expect(personal['notice']).toBeUndefined();
      if (body['subjectKind'] === 'transfer') expect(body['iso20022']).toBe('ACSP');
    }
    const { holds } = await desk.store.holdStore.list({ state: 'all', limit: 100 });
    expect(holds).toEqual([]);
    // The live one does all of that, or this would show nothing.
    expect(new Set(live.map(({ type }) => type))).toContain('alert.requested');
  });

  it('says how long each would have waited', async () => {
    const held = decisionsOf(await openDesk().take(sample(name), SHADOW)).filter(
      ({ outcome }) => outcome === 'hold',
    );
    const minutes = { T2: 15, T3: 120, T4: 24 * 60 } as Readonly<Record<string, number>>;
    for (const { tier, decidedAt, wouldHold } of held) {
      const dueAt = Date.parse(wouldHold?.dueAt ?? '');
      expect((dueAt - Date.parse(decidedAt)) / MINUTE_MS).toBe(minutes[tier]);
    }
    expect(held.length).toBeGreaterThan(0);
  });

  it('is the same in a replay', async () => {
    const replay = new Replay(SHADOW, NODE_HASHING);
    const entries = sample(name).flatMap((event) => {
      const result = replay.offer(event, event.id);
      return result.kind === 'taken' ? result.entries : [];
    });
    expect(new Set(entries.map(({ type }) => type))).toEqual(new Set(['decision.made']));
    const engined = decisionsOf(await openDesk().take(sample(name), SHADOW));
    expect(decisionsOf(entries).map(seen)).toEqual(engined.map(seen));
  });
});

describe('the day a policy goes live', () => {
  const events = sample('xu');
  const lastAt = events.at(-1)?.time ?? 0;
  const [template] = events.filter((event) => event.kind === 'transfer.requested');
  if (template === undefined) throw new Error('the sample has a transfer');
  /** To somebody new, of whom and of which nothing speaks. */
  const quiet = {
    ...template,
    id: 'quiet',
    transferId: 'quiet',
    time: lastAt + 5 * HOUR_MS,
    payee: { accountId: 'new', kind: 'bank_card', ownership: 'other', paidCount: 0 },
    amount: { currency: 'CNY', minor: 500_00 },
    fundingSource: 'bank_card',
  } as const;
  const { amountInput: _input, remark: _remark, profile: _profile, ...plain } = quiet;

  it('nothing is held with what was only rehearsed, and nothing of it was evaded', async () => {
    const factsAfter = async (before: DecisionSettings): Promise<Partial<Facts>> => {
      const desk = openDesk();
      await desk.take(events, before);
      const [decision] = decisionsOf(await desk.take([plain], LIVE));
      return decision?.facts ?? {};
    };
    const real = await factsAfter(LIVE);
    expect(real.openHold).toBeDefined();
    expect(real.heldOtherPayee).toBeDefined();
    const rehearsed = await factsAfter(SHADOW);
    expect(rehearsed.openHold).toBeUndefined();
    expect(rehearsed.heldOtherPayee).toBeUndefined();
  });

  it('what can still be stopped is held when evidence comes that touches it', async () => {
    const desk = openDesk();
    await desk.take(events, SHADOW);
    const yes = {
      source: template.source,
      id: 'late-signal',
      time: template.time - MINUTE_MS,
      payer: template.payer,
      kind: 'session.observed',
      signal: 'remote_control',
    } as const;
    const entries = await desk.take([yes], LIVE);
    const placed = entries.filter(({ type }) => type === 'hold.placed');
    expect(placed.length).toBeGreaterThan(0);
    for (const one of decisionsOf(entries)) {
      expect(one).toMatchObject({ mode: 'live', outcome: 'hold', sequence: 2 });
    }
  });
});
