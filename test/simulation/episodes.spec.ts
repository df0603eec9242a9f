/** What happens to one payer stays one case: over log-outs, new sessions, new phones, and days of holds. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Replay } from '#application';
import { NODE_HASHING } from '#config';
import { readLine } from '#contracts';
import { HOUR_MS, type DecisionBody, type HoldBody, type PlatformEvent } from '#domain';
import { rehearsalSettings } from '#testing';

const SETTINGS = rehearsalSettings('lengjing-acceptance-key');

function sample(name: string): readonly PlatformEvent[] {
  const lines = readFileSync(`apps/cli/samples/${name}.jsonl`, 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    const read = readLine(line, index + 1);
    return read.kind === 'event' ? [read.event] : [];
  });
}

interface Told {
  readonly decisions: readonly DecisionBody[];
  readonly placed: readonly HoldBody[];
}

function told(events: readonly PlatformEvent[]): Told {
  const replay = new Replay(SETTINGS, NODE_HASHING);
  const entries = events.flatMap((event) => {
    const result = replay.offer(event, event.id);
    return result.kind === 'taken' ? result.entries : [];
  });
  return {
    decisions: entries.flatMap(({ type, body }) =>
      type === 'decision.made' ? [body as DecisionBody] : [],
    ),
    placed: entries.flatMap(({ type, body }) => (type === 'hold.placed' ? [body as HoldBody] : [])),
  };
}

/** The same people, made to log out and in and to change phones before everything they do. */
function restless(events: readonly PlatformEvent[]): readonly PlatformEvent[] {
  return events.flatMap((event, index) => {
    const payer = { ...event.payer, sessionId: `session-${index}`, deviceId: `phone-${index}` };
    const head = { source: event.source, time: event.time, payer };
    return [
      { ...head, id: `login-${index}`, kind: 'session.observed', signal: 'login' },
      { ...head, id: `phone-${index}`, kind: 'session.observed', signal: 'new_device' },
      { ...event, payer },
    ];
  });
}

const later = (events: readonly PlatformEvent[], ms: number, name: string): PlatformEvent[] =>
  events.map((event) => ({
    ...event,
    id: `${name}-${event.id}`,
    time: event.time + ms,
    ...('transferId' in event ? { transferId: `${name}-${event.transferId}` } : {}),
    ...('drawId' in event ? { drawId: `${name}-${event.drawId}` } : {}),
  }));

describe.each(['li', 'xu'])('the afternoon of %s', (name) => {
  const { decisions, placed } = told(sample(name));

  it('is one case, on every held decision and on every hold', () => {
    const held = decisions.filter(({ outcome }) => outcome === 'hold');
    expect(held.length).toBeGreaterThan(1);
    const [caseId] = held.map((one) => one.caseId);
    expect(caseId).toMatch(/^[0-9a-f]{8}-/);
    expect(new Set(held.map((one) => one.caseId))).toEqual(new Set([caseId]));
    expect(new Set(placed.map((one) => one.caseId))).toEqual(new Set([caseId]));
    for (const one of decisions) if (one.outcome !== 'hold') expect(one.caseId).toBeUndefined();
  });

  it('is assessed the same, and the same case, however often one logs out or changes phones', () => {
    const again = told(restless(sample(name))).decisions;
    const seen = (of: readonly DecisionBody[]) =>
      of.map(({ tier, score, reasons, caseId }) => [
        tier,
        score,
        reasons.map((r) => r.code),
        caseId,
      ]);
    expect(seen(again)).toEqual(seen(decisions));
  });

  it('and the same again while its holds are open is the same case, and a week later another', () => {
    const events = sample(name);
    const [first] = decisions.filter(({ outcome }) => outcome === 'hold');
    const casesOf = (ms: number): Set<string | undefined> => {
      const both = told([...events, ...later(events, ms, 'again')]).decisions;
      return new Set(both.filter(({ outcome }) => outcome === 'hold').map((one) => one.caseId));
    };
    expect(casesOf(48 * HOUR_MS)).toEqual(new Set([first?.caseId]));
    expect(casesOf(7 * 24 * HOUR_MS).size).toBe(2);
  });
});
