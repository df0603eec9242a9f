/** Simulated runs of the whole engine, and what must hold of any run. */
export {
  arrivalOf,
  inOrderOfArrival,
  structuredArrivalOf,
  type Arrival,
  type SentEvent,
} from './arrivals.ts';
export { checkRun, type CheckOptions } from './checks.ts';
export { STREAM_CODE_KEY, generateStream, type StreamOptions } from './generated-stream.ts';
export { journalOf, repeatWork } from './reference.ts';
export {
  contentOf,
  readInputs,
  readJournal,
  type EntryContent,
  type RunRecord,
} from './run-record.ts';
export { simulate, type SimulationOptions, type SimulationRun } from './simulation.ts';
export { CALM, FAULTS, stormOf, type Fault, type Weather } from './weather.ts';
export { checkFinalAssessments, type PayerOfRun } from './final-assessments.ts';
export { outcomeOf, type SubjectOutcome } from './outcome.ts';
export {
  REHEARSALS,
  checkSimulation,
  compareWithCalm,
  kindOfSeed,
  payersOf,
  rehearsalSettings,
  rehearse,
  type Rehearsal,
  type RehearsalKind,
} from './rehearsal.ts';
export type { CrowdTally } from './crowd.ts';
