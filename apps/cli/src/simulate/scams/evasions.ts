/** What fraudsters vary so that no rule fits, drawn at random for each episode, never looking at any rule. */
import type { Chance } from '../chance.ts';

export const EVASIONS = [
  'split',
  'new-mule',
  'via-own-card',
  'test-first',
  'delay',
  'next-day',
  'round-code',
  'code-as-fen',
  'hang-up',
  'no-remark',
  'other-remark',
] as const;
export type Evasion = (typeof EVASIONS)[number];

/** How often each is used where it can be [A]. */
const EVASION_RATE = 0.2;

export function drawEvasions(chance: Chance, possible: readonly Evasion[]): Evasion[] {
  const drawn = possible.filter(() => chance.happens(EVASION_RATE));
  // One remark, one way to write a code.
  const not = (a: Evasion, b: Evasion): boolean => drawn.includes(a) && drawn.includes(b);
  return drawn.filter(
    (one) =>
      !(one === 'other-remark' && not('other-remark', 'no-remark')) &&
      !(one === 'code-as-fen' && not('code-as-fen', 'round-code')) &&
      !(one === 'delay' && not('delay', 'next-day')),
  );
}
