/** What a long check is: something that takes too long for `npm test`, is run now and then, and leaves its figures in docs/. */

export interface LongSettings {
  /** The first seed; each further piece of work has the next one. */
  readonly seed: number;
  /** How many pieces of work: seeds, rounds, whatever the check counts. */
  readonly count: number;
  /** One line for whoever watches. */
  readonly say: (line: string) => void;
}

export interface LongResult {
  readonly passed: number;
  /** One line for each piece of work that failed, with its seed and what was found. */
  readonly failures: readonly string[];
  /** What is worth keeping, by name, in the order in which it is to be read. */
  readonly figures: Readonly<Record<string, string>>;
}

export interface LongCheck {
  /** Also the option that chooses it: `--only NAME`. */
  readonly name: string;
  /** What is checked, one sentence. */
  readonly about: string;
  /** What `count` counts, in the plural; also the option that sets it: `--seeds`, `--rounds`. */
  readonly counts: string;
  readonly count: number;
  run(settings: LongSettings): Promise<LongResult>;
}
