/** The engine over topics that were filled before it starts, in whatever mutual order its fetches bring them. */
import { INPUT_TOPICS, type InputTopic } from '#domain';
import {
  CALM,
  arrivalOf,
  compareWithCalm,
  inOrderOfArrival,
  makeChance,
  rehearsalSettings,
  simulate,
  type Arrival,
  type SentEvent,
  type Weather,
} from '#testing';

const SETTINGS = rehearsalSettings('lengjing-acceptance-key');

export function arrivalsOf(lines: readonly string[]): readonly Arrival[] {
  return inOrderOfArrival(lines.map((line) => arrivalOf(JSON.parse(line) as SentEvent)));
}

/** One engine that nothing befalls; only how fast each topic is and how many records a fetch brings follow from the seed. */
function slowTopics(seed: number): Weather {
  const chance = makeChance(seed);
  const speeds: Partial<Record<InputTopic, number>> = {};
  for (const topic of INPUT_TOPICS) speeds[topic] = [1, 0.3, 0.05, 0.01][chance.below(4)] ?? 1;
  const [partitions, recordsPerFetchMax] = [1 + chance.below(3), [1, 2, 5, 500][chance.below(4)]];
  const setting = { ...CALM.setting, batchMax: [1, 3, 500][chance.below(3)] ?? 500 };
  return { ...CALM, partitions, speeds, setting, recordsPerFetchMax: recordsPerFetchMax ?? 500 };
}

/** Where decisions differ from those of an engine that got every event in its time; nothing where all is well. */
export async function findingsOfBacklog(
  lines: readonly string[],
  seed: number,
): Promise<readonly string[]> {
  const arrivals = arrivalsOf(lines);
  const at = arrivals.at(-1)?.at ?? 0;
  const atOnce = arrivals.map((arrival) => ({ ...arrival, at }));
  const weather = slowTopics(seed);
  const run = await simulate({ seed, weather, arrivals: atOnce, settings: SETTINGS });
  return compareWithCalm({ seed, arrivals, settings: SETTINGS, run });
}
