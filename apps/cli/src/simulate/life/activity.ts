/** Something that people do, how often, and when in the day. */
import type { HourShape } from '../calendar.ts';
import type { Person } from '../person.ts';
import type { Process } from '../schedule.ts';
import type { World } from '../world.ts';

export interface Activity {
  /** The label's script is `life:<name>`, or `lookalike:<name>` where it resembles a scam. */
  readonly name: string;
  readonly lookalike?: true;
  readonly hours: HourShape;
  /** How often a day this person does it, on average. */
  perDay(person: Person): number;
  run(world: World, person: Person): Process;
}

/** Whole yuan, as people round: to tens from a hundred, to hundreds from some thousands. */
export function roundly(fen: number): number {
  const yuan = fen / 100;
  const step = yuan >= 3_000 ? 100 : yuan >= 100 ? 10 : 1;
  return 100 * step * Math.max(1, Math.round(yuan / step));
}

/** Prices end as prices do: .00, .50, .90, or anything. */
export function price(fen: number, tail: number): number {
  const yuan = Math.max(1, Math.floor(fen / 100));
  const ends = [0, 0, 0, 0, 50, 80, 90, 99];
  return (
    yuan * 100 + (tail < 0.8 ? (ends[Math.floor(tail * 10)] as number) : Math.floor(tail * 100))
  );
}

export const isAdult = (person: Person): boolean => person.ageBand !== 'under18';

export const isTrade = (person: Person): boolean =>
  person.occupation === 'trader' || person.occupation === 'shopkeeper';
