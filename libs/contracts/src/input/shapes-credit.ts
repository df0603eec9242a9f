/** What arrives on `credit.draws`. */
import { flag, integer, money, name, oneOf, time, token } from '../shape/leaves.ts';
import { object, optional } from '../shape/shape.ts';
import { payer } from './shapes-transfers.ts';

const disburseTo = oneOf(['balance', 'own_card']);

const draw = {
  drawId: token,
  payer,
  lender: name,
  product: name,
  amount: money,
  limit: optional(money),
  instalments: optional(integer(0, 1_000)),
  firstDraw: optional(flag),
  decideBy: optional(time),
};

export const creditContext = object({ payer, lender: name, product: name, limit: optional(money) });

export const drawRequested = object({ ...draw, disburseTo });

/** Paid out or cancelled. Where the money went is not asked for: losing the draw over it would be worse. */
export const drawReported = object({ ...draw, disburseTo: optional(disburseTo) });

export const creditRepaid = object({ payer, lender: name, product: name, amount: money });
