/** Seeded chance: one small generator from which everything in the simulation is drawn, so that a seed is a population. */

/** 32 bits of a text, different for every salt (MurmurHash3's mixing). */
function hashOf(text: string, salt: number): number {
  let hash = (0x9e3779b9 ^ salt) >>> 0;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0xcc9e2d51);
    hash = (hash << 13) | (hash >>> 19);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** sfc32 (Chris Doty-Humphrey, PractRand; public domain): 128 bits of state, fast, passes the usual batteries. */
export class Chance {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;
  readonly #name: string;

  /** The same name gives the same draws, on every machine. */
  constructor(name: string) {
    this.#name = name;
    this.#a = hashOf(name, 1);
    this.#b = hashOf(name, 2);
    this.#c = hashOf(name, 3);
    for (let i = 0; i < 12; i += 1) this.next();
  }

  /** A stream of its own: drawing from it changes no other stream. */
  fork(name: string): Chance {
    return new Chance(`${this.#name}/${name}`);
  }

  /** Uniform in [0, 1), a multiple of 2^-32. */
  next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    this.#c |= 0;
    return (sum >>> 0) / 0x1_0000_0000;
  }

  happens(probability: number): boolean {
    return this.next() < probability;
  }

  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  real(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  /** Throws `RangeError` for an empty list. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('there is nothing to pick from');
    return items[Math.floor(this.next() * items.length)] as T;
  }

  /** One of the values, as often as its weight among all says. */
  weighted<T>(entries: readonly (readonly [T, number])[]): T {
    let sum = 0;
    for (const [, weight] of entries) sum += weight;
    let left = this.next() * sum;
    for (const [value, weight] of entries) {
      left -= weight;
      if (left < 0) return value;
    }
    return this.pick(entries)[0];
  }

  /** Standard normal (Box-Muller). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  /** Half of the draws are below `median`; `sigma` is the standard deviation of the logarithm. */
  logNormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal());
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  /** How many of something with a small mean: exact, by multiplication (Knuth). */
  poisson(mean: number): number {
    const limit = Math.exp(-mean);
    let product = this.next();
    let count = 0;
    while (product > limit) {
      product *= this.next();
      count += 1;
    }
    return count;
  }

  /** Digits of a code, leading zeros among them as with any uniform code. */
  digits(count: number): string {
    let text = '';
    for (let i = 0; i < count; i += 1) text += this.between(0, 9).toString();
    return text;
  }
}
