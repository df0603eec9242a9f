/** What a scam's script is: whom it is for, how often it comes, which evasions fit it, and what happens. */
import type { Person } from '../person.ts';
import type { Process } from '../schedule.ts';
import type { Episode } from './episode.ts';
import type { Evasion } from './evasions.ts';

export interface Script {
  readonly title: string;
  /** Relative frequency: orders of the police's yearly lists, flattened so that rare scripts can be counted too. */
  readonly weight: number;
  readonly evasions: readonly Evasion[];
  /** How likely this person is chosen, relative to others; 0 where the script does not fit at all. */
  suits(person: Person): number;
  run(episode: Episode): Process;
}

export const adultsOnly = (person: Person): number => (person.ageBand === 'under18' ? 0 : 1);
