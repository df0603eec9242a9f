/** Chance that can be replayed: everything the simulated log leaves open is drawn from one seed. */

export interface Chance {
  /** In [0, 1). */
  fraction(): number;
  /** A whole number from 0 to `count` − 1. */
  below(count: number): number;
  /** One of them, the likelier the larger its weight. Undefined of none. */
  pick<T>(choices: readonly T[], weight: (choice: T) => number): T | undefined;
}

/** Mulberry32: small, and the same on every machine. */
export function makeChance(seed: number): Chance {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    fraction,
    below: (count) => Math.floor(fraction() * count),
    pick(choices, weight) {
      let mark = fraction() * choices.reduce((sum, one) => sum + weight(one), 0);
      for (const choice of choices) {
        mark -= weight(choice);
        if (mark < 0) return choice;
      }
      return choices.at(-1);
    },
  };
}
