/** Every type of event that is read, with its topic and the shape of its data: the contract's table of inputs. */
import {
  TOPIC_OF,
  type CodeMatched,
  type CodeObserved,
  type CreditContext,
  type CreditDraw,
  type CreditRepaid,
  type EventHeader,
  type EventKind,
  type FundsReceived,
  type HoldAcknowledged,
  type InputTopic,
  type InstructionReceived,
  type MerchantOrdered,
  type PayerResponded,
  type PayerUpdated,
  type PlatformEvent,
  type SavingsRedeemed,
  type TransferEnded,
  type TransferRequested,
} from '#domain';
import { Refused } from '../shape/refused.ts';
import type { Schema, Shape } from '../shape/shape.ts';
import { eventType } from '../topics.ts';
import * as context from './shapes-context.ts';
import * as credit from './shapes-credit.ts';
import * as transfers from './shapes-transfers.ts';

/** What the envelope says of an event; `data` says the rest, the payer included. */
export type Envelope = Omit<EventHeader, 'payer'>;

/** `event` is absent for what is accepted and passed over. */
export interface ReadData {
  readonly payerId: string;
  readonly event?: PlatformEvent;
  /** Of subject events: the canonical JSON of what was read. */
  readonly content?: string;
}

export interface InputType {
  readonly kind: EventKind;
  readonly topic: InputTopic;
  /** Of `data`. */
  readonly schema: Schema;
  readonly read: (envelope: Envelope, data: unknown) => ReadData | Refused;
}

type DataOf<E extends PlatformEvent> = Omit<E, keyof Envelope | 'kind'>;

function inputType<E extends PlatformEvent>(kind: E['kind'], shape: Shape<DataOf<E>>): InputType {
  const isRequest = kind === 'transfer.requested' || kind === 'credit.draw-requested';
  return {
    kind,
    topic: TOPIC_OF[kind],
    schema: shape.schema,
    read(envelope, given) {
      const data = shape.read(given);
      if (data instanceof Refused) return data;
      // Shapes build members in order of name, so this is the canonical JSON at a third of the price.
      const content = isRequest ? JSON.stringify(data) : undefined;
      // The data was built for this event alone: completing it is cheaper than copying it.
      const event: PlatformEvent = Object.assign(data, { kind }, envelope) as E;
      const payerId = event.payer.accountId;
      return content === undefined ? { payerId, event } : { payerId, event, content };
    },
  };
}

const sessionObserved: InputType = {
  kind: 'session.observed',
  topic: TOPIC_OF['session.observed'],
  schema: context.sessionObserved.schema,
  read(envelope, given) {
    const data = context.sessionObserved.read(given);
    if (data instanceof Refused) return data;
    const payerId = data.payer.accountId;
    const { signal } = data;
    if (signal === undefined) return { payerId };
    return { payerId, event: { kind: 'session.observed', ...envelope, ...data, signal } };
  },
};

/** The contract's inputs in its order. */
export const INPUT_TYPES: readonly InputType[] = [
  inputType<TransferRequested>('transfer.requested', transfers.transferRequested),
  inputType<TransferEnded>('transfer.settled', transfers.transferEnded),
  inputType<TransferEnded>('transfer.failed', transfers.transferFailed),
  inputType<TransferEnded>('transfer.cancelled', transfers.transferEnded),
  inputType<FundsReceived>('funds.received', transfers.fundsReceived),
  inputType<MerchantOrdered>('merchant.ordered', transfers.merchantOrdered),
  inputType<CreditContext>('credit.line-opened', credit.creditContext),
  inputType<CreditContext>('credit.limit-viewed', credit.creditContext),
  inputType<CreditDraw>('credit.draw-requested', credit.drawRequested),
  inputType<CreditDraw>('credit.drawn', credit.drawReported),
  inputType<CreditDraw>('credit.draw-cancelled', credit.drawReported),
  inputType<CreditRepaid>('credit.repaid', credit.creditRepaid),
  inputType<CodeObserved>('code.observed', context.codeObserved),
  inputType<CodeMatched>('code.matched', context.codeMatched),
  sessionObserved,
  inputType<SavingsRedeemed>('savings.redeemed', {
    schema: context.savingsRedeemed.schema,
    read(value) {
      const data = context.savingsRedeemed.read(value);
      if (data instanceof Refused) return data;
      const { share, ...rest } = data;
      return { ...rest, sharePercent: share };
    },
  }),
  inputType<PayerUpdated>('payer.updated', context.payerUpdated),
  inputType<HoldAcknowledged>('hold.acknowledged', context.holdAcknowledged),
  inputType<PayerResponded>('payer.responded', context.payerResponded),
  inputType<InstructionReceived>('instruction.received', context.instructionReceived),
];

const BY_TYPE: ReadonlyMap<unknown, InputType> = new Map(
  INPUT_TYPES.map((type) => [eventType(type.kind), type]),
);

/** The input type that a `type` attribute names. */
export function inputTypeOf(type: unknown): InputType | undefined {
  return BY_TYPE.get(type);
}
