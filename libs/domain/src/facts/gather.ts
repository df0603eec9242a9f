/** The first of the two pure steps: everything the weights look at, gathered from what is known as of one subject. */
import type { Payee, TransferRequested } from '../event/event.ts';
import type { Instant } from '../kernel/instant.ts';
import { CURRENCY_DIGITS, type Money } from '../kernel/money.ts';
import type { Facts, PayeeFacts } from './facts.ts';
import { gatherCodes, gatherOrder } from './gather-codes.ts';
import {
  gatherFundingSwitched,
  gatherHeld,
  gatherOpenHold,
  gatherReturned,
  gatherUserYes,
  gatherWatch,
} from './gather-history.ts';
import {
  gatherAttempts,
  gatherDraws,
  gatherReceived,
  gatherRecentAmounts,
  gatherSavings,
  gatherTraced,
} from './gather-money.ts';
import {
  gatherBalanceAfterRequest,
  gatherCalls,
  gatherCreditViewed,
  gatherPretext,
  gatherScreens,
  gatherScreenshots,
  inSessionRefs,
} from './gather-pressure.ts';
import { quietAt } from '../quiet/quiet.ts';
import { subjectKeyOf } from '../subject/subject.ts';
import { since, type Gathering } from './gathering.ts';

/**
 * The facts of a transfer or draw. Depends on its arguments alone; holds no account, subject id, typed text or code: evidence is
 * named by index into `gathering.refs`.
 */
export function gatherFacts(gathering: Gathering): Facts {
  const { subject, refs, window } = gathering;
  const facts: Growing<Facts> = {
    v: 1,
    kind: subject.kind === 'transfer.requested' ? 'transfer' : 'draw',
    at: subject.time,
    self: refs.of(subject),
    currency: subject.amount.currency,
    unit: 10 ** (CURRENCY_DIGITS[subject.amount.currency] ?? 2),
    amount: subject.amount.minor,
    windowTruncated: window.windowTruncated,
  };
  put(facts, 'payerRole', subject.payer.role);
  if (subject.kind === 'transfer.requested') addTransferFacts(facts, gathering, subject);
  put(facts, 'draws', gatherDraws(gathering));
  put(facts, 'calls', gatherCalls(gathering));
  put(facts, 'screens', gatherScreens(gathering));
  put(facts, 'pretext', gatherPretext(gathering));
  addSessionFacts(facts, gathering);
  put(facts, 'savings', gatherSavings(gathering));
  put(facts, 'userYes', gatherUserYes(gathering));
  put(facts, 'watch', gatherWatch(gathering));
  put(facts, 'openHold', gatherOpenHold(gathering));
  return facts as Facts;
}

function addTransferFacts(facts: Growing<Facts>, g: Gathering, transfer: TransferRequested): void {
  const { profile, amount, payee } = transfer;
  const inCurrency = (money: Money | undefined): number | undefined =>
    money?.currency === amount.currency ? money.minor : undefined;
  if (transfer.fundingSource === 'credit') facts.fundedByCredit = true;
  put(facts, 'input', transfer.amountInput);
  put(facts, 'order', gatherOrder(transfer));
  put(facts, 'liquidBefore', inCurrency(profile?.liquidBefore));
  put(facts, 'p99Amount', inCurrency(profile?.p99Amount));
  facts.payee = payeeFacts(g, payee, transfer.time);
  put(facts, 'traced', gatherTraced(g, transfer));
  facts.attempts = gatherAttempts(g, transfer);
  put(facts, 'recentAmounts', gatherRecentAmounts(g, transfer));
  put(facts, 'codes', gatherCodes(g, transfer));
  put(facts, 'returned', gatherReturned(g, transfer));
  const held = gatherHeld(g, transfer);
  put(facts, 'heldOtherPayee', held.heldOtherPayee);
  put(facts, 'heldSamePayeeMore', held.heldSamePayeeMore);
  put(facts, 'fundingSwitched', gatherFundingSwitched(g, transfer));
  put(facts, 'received', gatherReceived(g));
}

function addSessionFacts(facts: Growing<Facts>, g: Gathering): void {
  put(facts, 'loginElsewhere', inSessionRefs(g, 'login_elsewhere'));
  put(facts, 'confirmCancelled', inSessionRefs(g, 'confirm_cancelled'));
  put(facts, 'balanceAfterRequest', gatherBalanceAfterRequest(g));
  put(facts, 'screenshots', gatherScreenshots(g));
  put(facts, 'creditViewed', gatherCreditViewed(g));
  put(facts, 'bindFailed', inSessionRefs(g, 'card_bind_failed'));
  put(facts, 'cardBound', inSessionRefs(g, 'card_bound'));
}

function payeeFacts(g: Gathering, payee: Payee, at: Instant): PayeeFacts {
  const { standing, window, policy } = g;
  const { firstPaidAt } = payee;
  const facts: Growing<PayeeFacts> = {
    kind: payee.kind,
    own: standing?.own === true,
    person: standing?.person === true,
    isNew: standing?.isNew === true,
    newToday: firstPaidAt !== undefined && at - firstPaidAt < g.spans.day,
    declaredContact: payee.declaredContact === true,
    refundable: payee.refundable === true,
  };
  put(facts, 'paidCount', payee.paidCount);
  if (firstPaidAt !== undefined) facts.knownForMs = Math.max(0, at - firstPaidAt);
  put(facts, 'accountAgeDays', payee.accountAgeDays);
  put(facts, 'nameMatch', payee.nameMatch);
  put(facts, 'ownDoubt', standing?.ownDoubt);
  put(facts, 'listed', listing(policy.listedPayees, window.listedPayees, payee.accountId));
  if (!facts.person && policy.exemptions.payees.includes(payee.accountId)) facts.exempt = true;
  put(facts, 'quiet', quietFacts(g, payee, at));
  const key = subjectKeyOf(g.subject);
  put(facts, 'habit', window.habits?.get(key));
  put(facts, 'numbers', window.payees.get(key));
  return facts as PayeeFacts;
}

function quietFacts(g: Gathering, payee: Payee, at: Instant): PayeeFacts['quiet'] | undefined {
  const quiet = quietAt(g.window.quiets ?? [], payee.accountId, at);
  if (quiet === undefined) return undefined;
  const added = since(
    g.timeline.signals.payee_added ?? [],
    (event) => event.time,
    at - g.spans.day,
  ).some(({ accountId }) => accountId === undefined || accountId === payee.accountId);
  return { until: quiet.until, addedToday: added };
}

function listing(
  ofPolicy: readonly string[],
  ofConsole: ReadonlySet<string>,
  payeeId: string,
): PayeeFacts['listed'] | undefined {
  if (ofPolicy.includes(payeeId)) return 'policy';
  return ofConsole.has(payeeId) ? 'console' : undefined;
}

type Growing<T> = { -readonly [K in keyof T]?: T[K] };

/** Leaves out what is undefined, so that facts are JSON as they stand. */
function put<T, K extends keyof T>(facts: T, name: K, value: T[K] | undefined): void {
  if (value !== undefined) facts[name] = value;
}
