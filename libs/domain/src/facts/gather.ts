/** The first of the two pure steps: everything the weights look at, gathered from what is known as of one subject. */
import type { TransferRequested } from '../event/event.ts';
import { CURRENCY_DIGITS } from '../kernel/money.ts';
import type { Facts, PayeeFacts } from './facts.ts';
import { gatherCodes, gatherInput } from './gather-codes.ts';
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
import { gatherCalls, gatherPretext, gatherScreens, gatherSession } from './gather-pressure.ts';
import type { Gathering } from './gathering.ts';

/**
 * The facts of a transfer or draw. Depends on its arguments alone; holds no account, subject id, typed text or code: evidence is
 * named by index into `gathering.refs`.
 */
export function gatherFacts(gathering: Gathering): Facts {
  const { subject, refs, window } = gathering;
  const self = refs.of(subject);
  const ofTransfer = subject.kind === 'transfer.requested' ? transferFacts(gathering, subject) : {};
  return compact({
    v: 1,
    kind: subject.kind === 'transfer.requested' ? 'transfer' : 'draw',
    at: subject.time,
    self,
    currency: subject.amount.currency,
    unit: 10 ** (CURRENCY_DIGITS[subject.amount.currency] ?? 2),
    amount: subject.amount.minor,
    windowTruncated: window.windowTruncated,
    payerRole: subject.payer.role,
    ...ofTransfer,
    draws: gatherDraws(gathering),
    calls: gatherCalls(gathering),
    screens: gatherScreens(gathering),
    pretext: gatherPretext(gathering),
    ...gatherSession(gathering),
    savings: gatherSavings(gathering),
    userYes: gatherUserYes(gathering),
    watch: gatherWatch(gathering),
    openHold: gatherOpenHold(gathering),
  });
}

type Loose<T> = { readonly [K in keyof T]: T[K] | undefined };

function transferFacts(g: Gathering, transfer: TransferRequested): Partial<Loose<Facts>> {
  const { profile, amount } = transfer;
  const inCurrency = (
    money: { currency: string; minor: number } | undefined,
  ): number | undefined => (money?.currency === amount.currency ? money.minor : undefined);
  return {
    fundedByCredit: transfer.fundingSource === 'credit' ? true : undefined,
    ...gatherInput(transfer),
    liquidBefore: inCurrency(profile?.liquidBefore),
    p99Amount: inCurrency(profile?.p99Amount),
    payee: payeeFacts(g, transfer),
    traced: gatherTraced(g, transfer),
    attempts: gatherAttempts(g, transfer),
    recentAmounts: gatherRecentAmounts(g, transfer),
    codes: gatherCodes(g, transfer),
    returned: gatherReturned(g, transfer),
    ...gatherHeld(g, transfer),
    fundingSwitched: gatherFundingSwitched(g, transfer),
    received: gatherReceived(g),
  };
}

function payeeFacts(g: Gathering, transfer: TransferRequested): PayeeFacts {
  const { payee, time } = transfer;
  const { standing, window, policy } = g;
  const numbers = window.payees.get(payee.accountId);
  const firstPaidAt = payee.firstPaidAt;
  return compact<PayeeFacts>({
    kind: payee.kind,
    own: standing?.own === true,
    person: standing?.person === true,
    isNew: standing?.isNew === true,
    newToday: firstPaidAt !== undefined && time - firstPaidAt < g.spans.day,
    declaredContact: payee.declaredContact === true,
    refundable: payee.refundable === true,
    paidCount: payee.paidCount,
    knownForMs: firstPaidAt === undefined ? undefined : Math.max(0, time - firstPaidAt),
    accountAgeDays: payee.accountAgeDays,
    nameMatch: payee.nameMatch,
    ownDoubt: standing?.ownDoubt,
    listed: listing(policy.listedPayees, window.listedPayees, payee.accountId),
    habit: window.habits?.get(payee.accountId),
    numbers: numbers === undefined ? undefined : { ...numbers },
  });
}

function listing(
  ofPolicy: readonly string[],
  ofConsole: ReadonlySet<string>,
  payeeId: string,
): PayeeFacts['listed'] | undefined {
  if (ofPolicy.includes(payeeId)) return 'policy';
  return ofConsole.has(payeeId) ? 'console' : undefined;
}

/** Leaves out what is undefined, so that facts are JSON as they stand. */
function compact<T extends object>(fields: Loose<T>): T {
  const kept: Partial<Record<string, unknown>> = {};
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) kept[name] = value;
  return kept as T;
}
