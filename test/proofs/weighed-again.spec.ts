/** Whoever has the journal can weigh every decision again: facts and policy say all of it, years later (DESIGN, Decision semantics). */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { isSubjectEvent, weigh, type DecisionBody, type Facts, type Policy } from '#domain';
import { makeChance, readInputs, readJournal, rehearsalSettings, rehearse } from '#testing';
import { POLICY } from './streams.ts';
import { jittered } from './weights.ts';

/** Every fourth seed is of the kind in which evidence comes late and answers, commands and faults happen; the next one is late alone. */
const SEEDS = [4, 5, 8, 9, 12, 13];

/** What must come out again, in the words of the journal. */
function said({ outcome, tier, ownTier, lowered, score, reasons }: DecisionBody): object {
  return { outcome, tier, ownTier, lowered, score, reasons };
}

function weighedAgain(facts: Facts, policy: Policy): object {
  const { outcome, tier, ownTier, lowered, score, reasons } = weigh(facts, policy);
  return JSON.parse(JSON.stringify({ outcome, tier, ownTier, lowered, score, reasons })) as object;
}

describe('the engine’s journal of runs with late evidence', () => {
  const decisions: DecisionBody[] = [];
  let late = 0;
  beforeAll(async () => {
    for (const seed of SEEDS) {
      const { run, findings } = await rehearse(seed);
      expect(findings).toEqual([]);
      decisions.push(...readJournal(run.chains).decisions.map(({ body }) => body));
      late += lateEvents(readInputs(run.records, run.partitions));
    }
  });

  it('has decisions, superseding ones, holds, and events that came after what they count for', () => {
    expect(decisions.length).toBeGreaterThan(80);
    expect(decisions.filter(({ supersedes }) => supersedes !== undefined).length).toBeGreaterThan(
      1,
    );
    expect(decisions.filter(({ outcome }) => outcome === 'hold').length).toBeGreaterThan(10);
    expect(late).toBeGreaterThan(10);
  });

  it('gives the same outcome, tier, score and reasons for every decision with facts', () => {
    const { policy } = rehearsalSettings();
    let weighed = 0;
    for (const body of decisions) {
      const { facts } = body;
      // What could not be read was decided by the fallback, and says so.
      if (facts === null) {
        expect(body.reasons.map(({ code }) => code)).toEqual(['INPUT_REFUSED']);
        continue;
      }
      expect(body.policy).toEqual({
        id: policy.id,
        version: policy.version,
        digest: policy.digest,
      });
      expect(weighedAgain(facts, policy)).toEqual(said(body));
      weighed += 1;
    }
    expect(weighed).toBeGreaterThan(80);
  });

  it('does not with other weights, whose policy has another name', () => {
    const other = jittered(POLICY, 0.3, makeChance(1));
    expect(other.digest).not.toBe(POLICY.digest);
    const differing = decisions.filter(
      (body) =>
        body.facts !== null &&
        JSON.stringify(weighedAgain(body.facts, other)) !== JSON.stringify(said(body)),
    );
    expect(differing.length).toBeGreaterThan(50);
  });
});

/** Events that lie behind a subject of their payer on the log though they happened before it. */
function lateEvents(inputs: ReturnType<typeof readInputs>): number {
  const latest = new Map<string, number>();
  let count = 0;
  for (const input of inputs) {
    if (input.kind !== 'event') continue;
    const { event } = input;
    const payer = event.payer.accountId;
    if (isSubjectEvent(event)) latest.set(payer, Math.max(latest.get(payer) ?? 0, event.time));
    else if (event.time < (latest.get(payer) ?? 0)) count += 1;
  }
  return count;
}
