/** What a simulated run is like: how many take part, how fast topics are, what goes wrong and how often. All of it follows from a seed. */
import { INPUT_TOPICS, type InputTopic } from '#domain';
import { makeChance } from '../log-chance.ts';
import type { EngineSetting } from './engine-process.ts';

export const FAULTS = [
  'engine killed',
  'engine stopped',
  'engine expelled',
  'engine left',
  'worker killed',
  'records redelivered',
  'connection lost',
  'commit lost before',
  'commit lost after',
  'send lost before',
  'send lost after',
] as const;
export type Fault = (typeof FAULTS)[number];

export interface Weather {
  readonly partitions: number;
  /** Engines at once, at most. */
  readonly engines: number;
  readonly workers: number;
  readonly setting: EngineSetting;
  /**
   * `patient`: time moves only when everybody has read what there is, so that no topic lags for longer than the engine waits.
   * `hasty`: it moves in between as well.
   */
  readonly pace: 'patient' | 'hasty';
  readonly speeds: Readonly<Partial<Record<InputTopic, number>>>;
  readonly recordsPerFetchMax: number;
  /** How far the clocks of processes may be apart, either way. */
  readonly skewMsMax: number;
  /** Weight of each fault among the steps; one that is missing does not happen. */
  readonly faults: Readonly<Partial<Record<Fault, number>>>;
  /** Faults in all, at most. */
  readonly faultsMax: number;
  /** Weight of a person's command to some hold. */
  readonly commands: number;
  /** Share of the records before which offsets are used up by transactions. */
  readonly gaps: number;
}

const LARGE: EngineSetting = {
  batchMax: 500,
  queueBytesMax: 1_048_576,
  sendMax: 500,
  bufferMax: 5_000,
};

/** One engine, one worker, nothing goes wrong. */
export const CALM: Weather = {
  partitions: 3,
  engines: 1,
  workers: 1,
  setting: LARGE,
  pace: 'patient',
  speeds: {},
  recordsPerFetchMax: 500,
  skewMsMax: 0,
  faults: {},
  faultsMax: 0,
  commands: 0,
  gaps: 0,
};

const FAULTS_MAX = 25;

/** Bad weather: each seed has its own kinds of it, so that every kind is also seen without the others. */
export function stormOf(seed: number): Weather {
  const chance = makeChance(seed ^ 0x5eed);
  const one = <T>(...choices: readonly [T, ...T[]]): T =>
    choices[chance.below(choices.length)] as T;
  const faults: Partial<Record<Fault, number>> = {};
  for (const fault of FAULTS) {
    if (chance.fraction() < 0.5) faults[fault] = one(0.003, 0.01, 0.03);
  }
  const speeds: Partial<Record<InputTopic, number>> = {};
  for (const topic of INPUT_TOPICS) if (chance.fraction() < 0.3) speeds[topic] = one(0.05, 0.3);
  return {
    partitions: one(1, 2, 3, 4),
    engines: one(1, 2, 3),
    workers: one(1, 2),
    setting: {
      batchMax: one(1, 3, 20, 500),
      queueBytesMax: one(1_500, 6_000, 1_048_576),
      sendMax: one(2, 20, 500),
      bufferMax: one(1, 10, 5_000),
    },
    pace: one('patient', 'hasty'),
    speeds,
    recordsPerFetchMax: one(1, 5, 500),
    skewMsMax: one(0, 0, 1_500),
    faults,
    faultsMax: 5 + chance.below(FAULTS_MAX),
    commands: one(0, 0.05),
    gaps: one(0, 0.1),
  };
}
