/** A seeded population in which people live and some are deceived, as a stream of events in constant memory. */
import { MINUTE_MS } from '#domain';
import { giveCredit } from './borrowing.ts';
import { live } from './life/day.ts';
import type { DrawLabel, TransferLabel } from './labels.ts';
import { giveContacts, makePerson } from './population.ts';
import { underworld } from './scams/underworld.ts';
import { endOf, type SimulationSettings } from './settings.ts';
import { World } from './world.ts';

export interface SimulatedBatch {
  /** Structured CloudEvents in the order of their times, over all batches. */
  readonly lines: readonly string[];
  /** Of transfers requested up to now; every one exactly once over all batches. */
  readonly transferLabels: readonly TransferLabel[];
  readonly drawLabels: readonly DrawLabel[];
}

const BATCH = 512;

/**
 * The same settings give the same bytes, on every machine. Leaving feeds out leaves everything else as it was, ids too. Whatever is
 * under way at the end is cut off there.
 */
export function* simulate(settings: SimulationSettings): Generator<SimulatedBatch> {
  const world = new World(settings);
  populate(world);
  yield* runWorld(world);
}

/** Runs a world that somebody has filled. */
export function* runWorld(world: World): Generator<SimulatedBatch> {
  const end = endOf(world.settings);
  let lines: string[] = [];
  while (world.schedule.step(end)) {
    world.outlet.take(world.now, lines);
    if (lines.length < BATCH) continue;
    yield batchOf(world, lines);
    lines = [];
  }
  world.outlet.takeAll(lines);
  yield batchOf(world, lines);
}

function batchOf(world: World, lines: readonly string[]): SimulatedBatch {
  return {
    lines,
    transferLabels: world.transferLabels.splice(0),
    drawLabels: world.drawLabels.splice(0),
  };
}

/** People move in, with a past, friends and lines of credit; then their days begin, and those of the fraudsters. */
export function populate(world: World): void {
  const { settings, town, run, people } = world;
  for (let i = 0; i < settings.payers; i += 1) {
    const accountId = `${run}-p${i + 1}`;
    people.push(makePerson(accountId, world.chance.fork(accountId), town, settings.start));
  }
  for (const person of people) {
    giveContacts(person, people, settings.start);
    giveCredit(person, person.chance, settings.start);
    const wakes = settings.start + person.chance.between(0, 30) * MINUTE_MS;
    world.schedule.start(wakes, live(world, person));
  }
  world.schedule.start(settings.start, underworld(world, people, settings.scamRate));
}
