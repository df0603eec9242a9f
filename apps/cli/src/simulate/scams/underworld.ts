/** Those who look for victims: episodes begin at random over days and people, each with a script that fits and evasions of its own. */
import { DAY_MS } from '#domain';
import type { Chance } from '../chance.ts';
import { EVENING, DAYTIME, localDay, timeOfDay } from '../calendar.ts';
import type { Person } from '../person.ts';
import type { Process } from '../schedule.ts';
import type { World } from '../world.ts';
import { Episode } from './episode.ts';
import { drawEvasions } from './evasions.ts';
import { Mules } from './mules.ts';
import { SCRIPTS, type ScriptName } from './scripts.ts';

/** Candidates looked at for one victim; the script's preference decides among them. */
const CANDIDATES = 12;

/** Starts `rate` episodes per person and day among `people`, as long as the simulation runs. */
export function* underworld(world: World, people: readonly Person[], rate: number): Process {
  const chance = world.chance.fork('underworld');
  const mules = new Mules(world);
  const names = world.settings.scripts;
  const weights = names.map((name) => [name, SCRIPTS[name].weight] as const);
  let count = 0;
  for (let day = localDay(world.now); names.length > 0; day += 1) {
    // Poisson of a large mean is split: one draw multiplies too many numbers.
    let episodes = 0;
    for (let left = people.length * rate; left > 0; left -= 50) {
      episodes += chance.poisson(Math.min(50, left));
    }
    for (let i = 0; i < episodes; i += 1) {
      const at = timeOfDay(day, chance.happens(0.65) ? DAYTIME : EVENING, chance);
      count += 1;
      const id = `${world.run}-e${count}`;
      const script = chance.weighted(weights);
      world.schedule.start(at, episodeOf({ id, script, world, people, mules, chance }));
    }
    yield DAY_MS;
  }
}

export interface EpisodePlan {
  readonly id: string;
  readonly script: ScriptName;
  readonly world: World;
  readonly people: readonly Person[];
  readonly mules: Mules;
  readonly chance: Chance;
}

export function* episodeOf(plan: EpisodePlan): Process {
  const { id, script, world, people, mules } = plan;
  const chance = plan.chance.fork(id);
  const victim = victimOf(script, people, chance);
  if (victim === undefined) return;
  victim.inScam = true;
  const { run, evasions } = SCRIPTS[script];
  const episode = new Episode({
    id,
    script,
    world,
    victim,
    mules,
    evasions: drawEvasions(chance, evasions),
    chance,
  });
  yield* run(episode);
  // Whatever way it ended: somebody hangs up in the end.
  episode.hangUp();
  victim.inScam = false;
}

function victimOf(
  script: ScriptName,
  people: readonly Person[],
  chance: Chance,
): Person | undefined {
  const candidates: (readonly [Person, number])[] = [];
  for (let i = 0; i < CANDIDATES && people.length > 0; i += 1) {
    const person = chance.pick(people);
    const weight = person.inScam ? 0 : SCRIPTS[script].suits(person);
    if (weight > 0) candidates.push([person, weight]);
  }
  return candidates.length === 0 ? undefined : chance.weighted(candidates);
}
