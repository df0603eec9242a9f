/** What the processor says and hears, as far as it needs it: CONTRACT's own shapes, written out so that this folder can be copied. */

/** A CloudEvent in structured mode. */
export interface WireEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** RFC 3339. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: { readonly [name: string]: unknown };
}

export type SubjectKind = 'transfer' | 'draw';

/** The part of `decision.made` that binds. */
export interface Decision {
  readonly sequence: number;
  readonly subject: { readonly kind: SubjectKind; readonly id: string };
  readonly mode: 'live' | 'shadow';
  readonly outcome: 'allow' | 'warn' | 'hold';
}

/** The part of `hold.placed` and what follows that is to be obeyed and acknowledged. */
export interface HoldOrder {
  readonly holdId: string;
  readonly subject: { readonly kind: SubjectKind; readonly id: string };
  readonly payer: { readonly accountId: string };
  readonly order: 'hold' | 'release' | 'cancel';
  readonly orderSequence: number;
  /** 1, and one more each time the same order is sent again. */
  readonly attempt: number;
}

/** The part of `transfer.requested` and `credit.draw-requested` that moves money. */
export interface Request {
  readonly kind: SubjectKind;
  readonly id: string;
  readonly payerId: string;
  /** The account that is paid; the payer's own for a draw. */
  readonly payeeId: string;
  readonly knownPayee: boolean;
  readonly minor: number;
  readonly event: WireEvent;
}

const TRANSFER = 'io.lengjing.transfer.requested.v1';
const DRAW = 'io.lengjing.credit.draw-requested.v1';

/** The request that the event is, or undefined. Amounts are whole fen inside; a fraction of a fen does not exist. */
export function requestOf(event: WireEvent): Request | undefined {
  const { type, data } = event;
  if (type !== TRANSFER && type !== DRAW) return undefined;
  const { accountId: payerId } = data['payer'] as { accountId: string };
  const { value } = data['amount'] as { value: string };
  const minor = Math.round(Number(value) * 100);
  if (type === DRAW) {
    const id = String(data['drawId']);
    return { kind: 'draw', id, payerId, payeeId: payerId, knownPayee: true, minor, event };
  }
  const payee = data['payee'] as { accountId: string; paidCount?: number };
  return {
    kind: 'transfer',
    id: String(data['transferId']),
    payerId,
    payeeId: payee.accountId,
    knownPayee: (payee.paidCount ?? 0) > 0,
    minor,
    event,
  };
}
