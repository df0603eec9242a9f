/** The shared cases through the engine, in calm and in storm: both decide what the cases expect, and the same. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { tierRank, type Tier } from '#domain';
import {
  CALM,
  arrivalOf,
  checkSimulation,
  compareWithCalm,
  inOrderOfArrival,
  outcomeOf,
  rehearsalSettings,
  simulate,
  stormOf,
  type Arrival,
  type SentEvent,
  type SimulationRun,
} from '#testing';
import { describeWithShared, sharedPath } from '../shared.ts';

interface Expected {
  readonly kind: 'transfer' | 'draw';
  readonly id: string;
  readonly outcome: string;
  readonly tierMin: Tier;
  readonly tierMax: Tier;
}

const SETTINGS = rehearsalSettings('lengjing-acceptance-key');
const SEEDS = [1, 2, 3, 4, 5, 6];
const OUTCOMES: Readonly<Record<string, readonly string[]>> = {
  'not-hold': ['allow', 'warn'],
  any: ['allow', 'warn', 'hold'],
};

function arrivalsOf(name: string): readonly Arrival[] {
  const lines = readFileSync(sharedPath('cases', `${name}.jsonl`), 'utf8').split('\n');
  const events = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as SentEvent);
  return events.map((event) => arrivalOf(event));
}

function names(): readonly string[] {
  if (!existsSync(sharedPath('cases'))) return [];
  const files = readdirSync(sharedPath('cases')).filter((file) => file.endsWith('.jsonl'));
  return files.map((file) => file.replace('.jsonl', ''));
}

function expectations(): readonly Expected[] {
  const text = readFileSync(sharedPath('cases', 'expected.json'), 'utf8');
  return Object.values(JSON.parse(text) as Record<string, readonly Expected[]>).flat();
}

function expectExpected(run: SimulationRun): void {
  const outcomes = new Map(
    [...outcomeOf(run)].map(([key, outcome]) => [key.split('\n').slice(1).join(' '), outcome]),
  );
  for (const { kind, id, outcome, tierMin, tierMax } of expectations()) {
    const found = outcomes.get(`${kind} ${id}`);
    if (found === undefined) throw new Error(`${kind} ${id} has no decision`);
    expect([id, OUTCOMES[outcome] ?? [outcome]]).toEqual([
      id,
      expect.arrayContaining([found.outcome]),
    ]);
    expect(tierRank(found.tier)).toBeGreaterThanOrEqual(tierRank(tierMin));
    expect(tierRank(found.tier)).toBeLessThanOrEqual(tierRank(tierMax));
  }
}

describeWithShared('the shared cases through the engine', () => {
  const all = (): readonly Arrival[] => inOrderOfArrival(names().flatMap(arrivalsOf));

  it('are decided as expected in calm weather', async () => {
    const run = await simulate({ seed: 1, weather: CALM, arrivals: all(), settings: SETTINGS });
    const { findings } = await checkSimulation(run, SETTINGS);
    expect(findings).toEqual([]);
    expectExpected(run);
  });

  it.each(SEEDS)('are decided the same in a storm, seed %i', async (seed) => {
    const arrivals = all();
    const weather = { ...stormOf(seed), pace: 'patient', commands: 0, skewMsMax: 0 } as const;
    const run = await simulate({ seed, weather, arrivals, settings: SETTINGS });
    const { findings } = await checkSimulation(run, SETTINGS);
    expect(findings).toEqual([]);
    expectExpected(run);
    expect(await compareWithCalm({ seed, arrivals, settings: SETTINGS, run })).toEqual([]);
  });
});
