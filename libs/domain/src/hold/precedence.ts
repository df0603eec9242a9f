/** Whose act comes first where several are known at once and none has been done (DESIGN, Hold life). */
import type { HoldCommand } from './hold-rules.ts';
import type { HoldActor } from './hold.ts';

const RANK: Readonly<Record<HoldActor, number>> = {
  processor: 0,
  authority: 1,
  payer: 2,
  analyst: 3,
  clock: 4,
};

/** Behind every cancel: to release is to permit, and a permission that races with a cancel must not send money (D-072). */
const RELEASE = 10;

/**
 * Rank of an act, lower first: what has happened to the money, then those who stop it, in the order authority, payer, staff, and then in the same
 * order those who let it go.
 */
export function precedenceOf(command: HoldCommand): number {
  switch (command.type) {
    case 'cancel':
      return RANK[command.actor];
    case 'release':
      return RANK[command.actor] + (command.actor === 'processor' ? 0 : RELEASE);
    case 'extend':
      return RANK[command.actor];
    case 'raise':
    case 'mature':
    case 'expire':
      return RANK.clock;
  }
}

/** In order of precedence; acts of the same rank keep the order in which they came. */
export function inPrecedence<Act extends { readonly command: HoldCommand }>(
  acts: readonly Act[],
): Act[] {
  return acts.toSorted((a, b) => precedenceOf(a.command) - precedenceOf(b.command));
}
