/** To which transfers the families credit and code speak at all (SCORING §3, head rows). */
import type { Facts } from '../facts/facts.ts';
import type { Policy } from '../policy/policy.ts';

/**
 * CR speaks for draws, for transfers to persons, and for other payees from a sum in 24 h on: somebody who borrows and buys a
 * coffee is left alone. Never for own accounts.
 */
export function creditApplies(facts: Facts, policy: Policy): boolean {
  const { payee, attempts } = facts;
  if (payee === undefined) return facts.kind === 'draw';
  if (payee.own) return false;
  if (payee.person) return true;
  return (attempts?.payee24hMinor ?? 0) >= policy.credit.minAmountOtherPayees * facts.unit;
}

/** CD speaks where the payer chose the amount: not for orders and scanned codes, small amounts, lenders, own accounts. */
export function codeApplies(facts: Facts, policy: Policy): boolean {
  const { payee, input } = facts;
  if (payee === undefined || payee.own || payee.kind === 'lender') return false;
  if (input?.mode === 'order' || input?.mode === 'scanned') return false;
  return facts.amount >= policy.codes.minAmount * facts.unit;
}

/** A new payee that is somebody's card or wallet. */
export function isNewPerson(facts: Facts): boolean {
  return facts.payee?.person === true && facts.payee.isNew;
}
