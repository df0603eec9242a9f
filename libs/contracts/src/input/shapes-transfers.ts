/** What arrives on `payments.transfers`. */
import {
  amountInput,
  flag,
  integer,
  money,
  oneOf,
  time,
  token,
  typedText,
} from '../shape/leaves.ts';
import { object, optional } from '../shape/shape.ts';
import { TYPED_TEXT_MAX } from '../shape/typed-text.ts';

export const payer = object({
  accountId: token,
  sessionId: optional(token),
  deviceId: optional(token),
  role: optional(oneOf(['consumer', 'merchant'])),
});

const payeeKind = oneOf(['bank_card', 'wallet', 'merchant', 'institution', 'lender']);
const ownership = oneOf(['own', 'other']);

const payee = object({
  accountId: token,
  kind: payeeKind,
  ownership,
  firstPaidAt: optional(time),
  paidCount: optional(integer(0, 1_000_000_000)),
  accountAgeDays: optional(integer(0, 100_000)),
  nameMatch: optional(oneOf(['match', 'mismatch', 'unknown'])),
  declaredContact: optional(flag),
  refundable: optional(flag),
  displayName: typedText(TYPED_TEXT_MAX.displayName),
});

export const transferRequested = object({
  transferId: token,
  payer,
  payee,
  amount: money,
  amountInput: optional(amountInput),
  fundingSource: oneOf(['balance', 'yuebao', 'bank_card', 'credit']),
  remark: typedText(TYPED_TEXT_MAX.remark),
  order: optional(
    object({
      ref: token,
      amount: optional(money),
      kind: optional(oneOf(['purchase', 'bill', 'contract', 'repayment'])),
    }),
  ),
  profile: optional(object({ liquidBefore: optional(money), p99Amount: optional(money) })),
  decideBy: optional(time),
});

/** Settled or cancelled: the contract lists reasons of failures only, so any other is ignored. */
export const transferEnded = object({ transferId: token, payer });

export const transferFailed = object({
  transferId: token,
  payer,
  reason: optional(oneOf(['insufficient_funds', 'payee_rejected', 'returned', 'limit', 'other'])),
});

export const fundsReceived = object({
  payer,
  amount: money,
  from: object({ accountId: token, kind: payeeKind, ownership }),
});

export const merchantOrdered = object({
  payer,
  amount: money,
  merchant: object({ accountId: token }),
  orderRef: optional(token),
});
