/** A seed's whole rehearsal: a stream, bad weather, and every check that the kind of stream allows. */
import type { DecisionSettings } from '#application';
import { defaultNotices, defaultPolicy, makeCodeBook } from '#contracts';
import type { Input } from '#domain';
import type { Arrival } from './arrivals.ts';
import { checkRun } from './checks.ts';
import { checkFinalAssessments, type PayerOfRun } from './final-assessments.ts';
import { STREAM_CODE_KEY, generateStream } from './generated-stream.ts';
import { outcomeOf } from './outcome.ts';
import { journalOf, repeatWork } from './reference.ts';
import { readInputs, type RunRecord } from './run-record.ts';
import { simulate, type SimulationRun } from './simulation.ts';
import { CALM, stormOf, type Weather } from './weather.ts';

/**
 * `free`: late events, answers, commands, everything. `unanswered`: late events, but nothing else that depends on when things happen:
 * the last assessments follow from the set of events. `punctual`: nothing is late, so that decisions are those of an undisturbed run.
 * `backlog`: the same, and everything lies on the log before anybody reads, as after an outage.
 */
export const REHEARSALS = ['free', 'unanswered', 'punctual', 'backlog'] as const;
export type RehearsalKind = (typeof REHEARSALS)[number];

export interface Rehearsal {
  readonly run: SimulationRun;
  /** What does not hold, in words; nothing where all is well. */
  readonly findings: readonly string[];
}

export function rehearsalSettings(codeKey: string = STREAM_CODE_KEY): DecisionSettings {
  return {
    policy: defaultPolicy(),
    notices: defaultNotices(),
    codeBook: makeCodeBook(new Map([['default', codeKey]])),
  };
}

/** Of four seeds in a row each is another kind. */
export function kindOfSeed(seed: number): RehearsalKind {
  return REHEARSALS[seed % REHEARSALS.length] ?? 'free';
}

const PAYERS = 3;
const EVENTS = 20;
/** So many that a payee can become suspicious by what they do together. */
const SHARING = { payers: 6, events: 12, shared: true };

export async function rehearse(seed: number): Promise<Rehearsal> {
  const kind = kindOfSeed(seed);
  const punctual = kind === 'punctual' || kind === 'backlog';
  const unanswered = punctual || kind === 'unanswered';
  // Where decisions are compared one by one, payees are not shared: what is known of one when it is first asked depends on the hour.
  const size = punctual ? { payers: PAYERS, events: EVENTS } : SHARING;
  const arrivals = generateStream({ seed, ...size, punctual, unanswered });
  const settings = rehearsalSettings();
  const storm = stormOf(seed);
  const weather: Weather = {
    ...storm,
    ...(unanswered ? { commands: 0 } : {}),
    ...(punctual ? { pace: 'patient', skewMsMax: 0 } : {}),
  };
  const sent = kind === 'backlog' ? atOnce(arrivals) : arrivals;
  const run = await simulate({ seed, weather, arrivals: sent, settings });
  const { findings, inputs } = await checkSimulation(run, settings);
  const more = unanswered ? await checkFinalAssessments(run.store, payersOf(inputs), settings) : [];
  const undisturbed = punctual ? await compareWithCalm({ seed, arrivals, settings, run }) : [];
  return { run, findings: [...findings, ...more, ...undisturbed] };
}

/** Everything arrives in the moment in which the last of it would. */
function atOnce(arrivals: readonly Arrival[]): readonly Arrival[] {
  const at = arrivals.at(-1)?.at ?? 0;
  return arrivals.map((arrival) => ({ ...arrival, at }));
}

/** What must hold of any simulated run: every check, and that the same work done again in peace writes the same journal. */
export async function checkSimulation(
  run: SimulationRun,
  settings: DecisionSettings,
): Promise<{ readonly findings: readonly string[]; readonly inputs: readonly Input[] }> {
  const inputs = readInputs(run.records, run.partitions);
  const record: RunRecord = { ...run, inputs };
  const findings = [...checkRun(record, { allHoldsEnded: true })];
  const { partitions, works } = run;
  const again = await repeatWork({ partitions, inputs, works, settings });
  const own = await journalOf(run.store, [...run.chains.keys()]);
  const at = own.findIndex(
    (entry, index) => JSON.stringify(entry) !== JSON.stringify(again[index]),
  );
  if (at >= 0 || own.length !== again.length) {
    const [entry, other] = [own[at], again[at]];
    findings.push(
      `done again in peace, entry ${entry?.sequence} of chain ${entry?.chain} is a different ${other?.type}: ${JSON.stringify(entry?.body)} and ${JSON.stringify(other?.body)}`,
    );
  }
  return { findings, inputs };
}

export interface DisturbedRun {
  readonly seed: number;
  readonly arrivals: readonly Arrival[];
  readonly settings: DecisionSettings;
  readonly run: SimulationRun;
}

/** Where a run's decisions and holds are not those of one engine that nothing befalls. */
export async function compareWithCalm({
  seed,
  arrivals,
  settings,
  run,
}: DisturbedRun): Promise<readonly string[]> {
  const { partitions } = run;
  const calm = await simulate({ seed, weather: { ...CALM, partitions }, arrivals, settings });
  const [disturbed, undisturbed] = [outcomeOf(run), outcomeOf(calm)];
  const keys = new Set([...disturbed.keys(), ...undisturbed.keys()]);
  return [...keys].flatMap((key) => {
    const [one, other] = [disturbed, undisturbed].map((of) => JSON.stringify(of.get(key)));
    const name = key.split('\n').slice(1).join(' ');
    return one === other ? [] : [`${name}: ${one}, undisturbed ${other}`];
  });
}

export function payersOf(inputs: readonly Input[]): readonly PayerOfRun[] {
  const payers = new Map<string, PayerOfRun>();
  for (const input of inputs) {
    if (input.kind !== 'event') continue;
    const { partition } = input;
    const payerId = input.event.payer.accountId;
    payers.set(payerId, { partition, payerId });
  }
  return [...payers.values()];
}
