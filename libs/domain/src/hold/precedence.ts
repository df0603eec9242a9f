/** Whose act comes first where several are known at once and none has been done (DESIGN, Hold life). */
import type { HoldCommand } from './hold-rules.ts';

/**
 * Rank of an act, lower first: what has happened to the money, then authority, payer, staff, clock. A payer's cancel comes before their own
 * reconfirming: who takes it back means it.
 */
export function precedenceOf(command: HoldCommand): number {
  switch (command.type) {
    case 'mature':
    case 'expire':
    case 'raise':
      return RANK.clock;
    case 'cancel':
      return RANK[command.actor];
    case 'extend':
      return RANK[command.actor];
    case 'release':
      return command.actor === 'payer' ? RANK.payer + 0.5 : RANK[command.actor];
  }
}

const RANK = { processor: 0, authority: 1, payer: 2, analyst: 3, clock: 4 } as const;

/** In order of precedence; acts of the same rank keep the order in which they came. */
export function inPrecedence<Act extends { readonly command: HoldCommand }>(
  acts: readonly Act[],
): Act[] {
  return acts.toSorted((a, b) => precedenceOf(a.command) - precedenceOf(b.command));
}
