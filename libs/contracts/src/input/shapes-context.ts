/** What arrives on `identity.codes`, `session.signals`, `payer.profiles` and `holds.responses`. */
import { SESSION_SIGNALS, type Payer, type SessionSignal } from '#domain';
import {
  digest,
  flag,
  integer,
  localeTag,
  money,
  name,
  oneOf,
  sharePercent,
  time,
  token,
  typedText,
} from '../shape/leaves.ts';
import { Refused } from '../shape/refused.ts';
import { isObject, listOf, object, optional, type Shape } from '../shape/shape.ts';
import { TYPED_TEXT_MAX } from '../shape/typed-text.ts';
import { isSecretName } from './secret-names.ts';
import { payer } from './shapes-transfers.ts';

/** Longest code there can be, so that the list of its digests has an end. */
export const CODE_DIGITS_MAX = 32;

const digits = integer(1, CODE_DIGITS_MAX);
const form = oneOf(['full', 'prefix']);

export const codeObserved = object({
  codeId: token,
  payer,
  origin: oneOf(['issued', 'sms', 'page']),
  digits,
  keyId: token,
  digests: listOf(object({ form, digits, digest }), CODE_DIGITS_MAX),
  expiresAt: time,
});

export const codeMatched = object({
  transferId: token,
  payer,
  codeId: token,
  digits,
  form,
  as: oneOf(['yuan', 'fen', 'yuan_part']),
});

/** The contract gives `detail` a meaning for these signals; of others it is ignored, as they may carry anything. */
const CALLER_SIGNALS = ['call_started', 'call_ended'];
const ACCOUNT_SIGNALS = ['payee_added', 'card_bound'];
const callDetail = object({ caller: optional(oneOf(['saved', 'unsaved'])) });
const accountDetail = object({ accountId: optional(token) });
const anySignal = object({ payer, signal: token });

interface SignalData {
  readonly payer: Payer;
  /** Undefined for a signal that the scorer does not know: accepted and passed over. */
  readonly signal: SessionSignal | undefined;
  readonly caller?: 'saved' | 'unsaved';
  readonly accountId?: string;
}

export const sessionObserved: Shape<SignalData> = {
  read(value) {
    const taken = anySignal.read(value);
    if (taken instanceof Refused) return taken;
    const signal = SESSION_SIGNALS.find((known) => known === taken.signal);
    const given = isObject(value) ? value['detail'] : undefined;
    const shape = signal === undefined || given === undefined ? undefined : detailOf(signal);
    const detail = shape?.read(given);
    if (detail instanceof Refused) return detail.under('detail');
    return { payer: taken.payer, signal, ...detail };
  },
  schema: {
    ...anySignal.schema,
    description: `signals that count: ${SESSION_SIGNALS.join(', ')}; others are accepted and ignored`,
    allOf: [detailRule(CALLER_SIGNALS, callDetail), detailRule(ACCOUNT_SIGNALS, accountDetail)],
  },
};

function detailOf(signal: SessionSignal): typeof callDetail | typeof accountDetail | undefined {
  if (CALLER_SIGNALS.includes(signal)) return callDetail;
  return ACCOUNT_SIGNALS.includes(signal) ? accountDetail : undefined;
}

function detailRule(signals: readonly string[], detail: Shape<unknown>) {
  return {
    anyOf: [
      { properties: { signal: { not: { enum: signals } } } },
      { properties: { detail: detail.schema } },
    ],
  };
}

export const savingsRedeemed = object({
  payer,
  product: name,
  amount: money,
  share: sharePercent,
});

const CONTACT_REFS_MAX = 16;
const CHANNEL_PATTERN = '^[a-z][a-z0-9_\\-]{0,31}$';
const CHANNEL = new RegExp(CHANNEL_PATTERN);

/** One opaque reference per channel. A channel named like a secret is dropped like any such field. */
const contactRefs: Shape<Readonly<Record<string, string>>> = {
  read(value) {
    if (!isObject(value)) return new Refused('wrong_type', 'must be an object');
    const channels = Object.keys(value);
    if (channels.length > CONTACT_REFS_MAX) {
      return new Refused('invalid_value', `must have at most ${CONTACT_REFS_MAX} channels`);
    }
    const result: Record<string, string> = {};
    for (const channel of channels) {
      if (!CHANNEL.test(channel)) {
        return new Refused(
          'invalid_value',
          'must have channel names in lower case of at most 32 characters',
        );
      }
      const taken = token.read(value[channel]);
      // The channel is the record's own word, so the path ends here.
      if (taken instanceof Refused) return taken;
      if (!isSecretName(channel)) result[channel] = taken;
    }
    return result;
  },
  schema: {
    type: 'object',
    maxProperties: CONTACT_REFS_MAX,
    propertyNames: { type: 'string', pattern: CHANNEL_PATTERN },
    additionalProperties: token.schema,
  },
};

export const payerUpdated = object({
  payer,
  locale: optional(localeTag),
  contactRefs: optional(contactRefs),
  trustedContactRef: optional(token),
  ageBand: optional(oneOf(['under18', '18-29', '30-44', '45-59', '60plus'])),
  vulnerable: optional(flag),
});

export const holdAcknowledged = object({
  holdId: token,
  payer,
  orderSequence: integer(1, 1_000_000_000),
  order: oneOf(['hold', 'release', 'cancel']),
  result: oneOf(['done', 'too_late', 'unknown_subject']),
});

export const payerResponded = object({
  holdId: token,
  payer,
  answer: oneOf(['cancel', 'coached_yes', 'coached_no', 'reconfirm', 'appeal', 'explain']),
  text: typedText(TYPED_TEXT_MAX.answer),
});

export const instructionReceived = object({
  holdId: optional(token),
  payer,
  authority: name,
  reference: name,
  instruction: oneOf(['stop', 'lift']),
  validUntil: time,
});
