/** The shapes of single values: tokens, names, numbers, times, money and typed text. */
import { CURRENCY_DIGITS, parseMinor, type AmountInput, type Instant, type Money } from '#domain';
import { Refused } from './refused.ts';
import { parseInstant, RFC3339_PATTERN } from './rfc3339.ts';
import { isObject, type OptionalShape, type Shape } from './shape.ts';
import { cleanText, TYPED_TEXT_MAX } from './typed-text.ts';

/** A string that matches. `pattern` MUST mean the same with and without the `u` flag for well-formed text: JSON Schema uses it too. */
function matching(pattern: string, rule: string, description: string): Shape<string> {
  const regexp = new RegExp(pattern, 'u');
  return {
    read(value) {
      if (typeof value !== 'string') return new Refused('wrong_type', 'must be a string');
      return regexp.test(value) ? value : new Refused('invalid_value', rule);
    },
    schema: { type: 'string', pattern, description },
  };
}

/** Ids and account, card and device identifiers (CONTRACT, Envelope). */
export const token = matching(
  '^[\\x20-\\x7e]{1,128}$',
  'must be 1 to 128 printable ASCII characters',
  'opaque token',
);

/** `source`: an absolute URI or a reference, so it has no blanks; no line breaks either, since subject names are joined by them. */
export const sourceUri = matching(
  '^[\\x21-\\x7e]{1,256}$',
  'must be a URI reference of at most 256 ASCII characters',
  'URI reference',
);

/** Names that organisations give: lender, product, authority. Any script, no control characters. */
export const name = matching(
  '^[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ud800-\\udfff]{1,128}$',
  'must be 1 to 128 characters without control characters',
  'name',
);

export const localeTag = matching(
  '^[A-Za-z]{2,8}(?:[_\\-][A-Za-z0-9]{1,8}){0,4}$',
  'must be a language tag such as zh-CN',
  'language tag (BCP 47)',
);

/** Unpadded base64url of 32 bytes. */
export const digest = matching(
  '^[A-Za-z0-9_\\-]{43}$',
  'must be 43 characters of unpadded base64url',
  'unpadded base64url of an HMAC-SHA-256',
);

export function oneOf<const V extends readonly string[]>(values: V): Shape<V[number]> {
  const known: ReadonlySet<string> = new Set(values);
  const rule = `must be one of ${values.join(', ')}`;
  return {
    read(value) {
      if (typeof value !== 'string') return new Refused('wrong_type', 'must be a string');
      return known.has(value) ? value : new Refused('invalid_value', rule);
    },
    schema: { enum: values },
  };
}

export function integer(min: number, max: number): Shape<number> {
  const rule = `must be a whole number from ${min} to ${max}`;
  return {
    read(value) {
      if (typeof value !== 'number') return new Refused('wrong_type', 'must be a number');
      if (!Number.isInteger(value) || value < min || value > max) {
        return new Refused('invalid_value', rule);
      }
      // Turns -0 into 0.
      return value + 0;
    },
    schema: { type: 'integer', minimum: min, maximum: max },
  };
}

export const flag: Shape<boolean> = {
  read: (value) =>
    typeof value === 'boolean' ? value : new Refused('wrong_type', 'must be true or false'),
  schema: { type: 'boolean' },
};

/** Read into epoch milliseconds. */
export const time: Shape<Instant> = {
  read(value) {
    if (typeof value !== 'string') return new Refused('wrong_type', 'must be a string');
    return (
      parseInstant(value) ?? new Refused('invalid_value', 'must be an RFC 3339 time with an offset')
    );
  },
  schema: { type: 'string', format: 'date-time', pattern: RFC3339_PATTERN },
};

const CURRENCIES = Object.keys(CURRENCY_DIGITS);
const WHOLE = '(?:0|[1-9][0-9]{0,12})';

/** `{"currency":"CNY","value":"6919.00"}`: a decimal string, at most the currency's decimals, read into minor units. */
export const money: Shape<Money> = {
  read(value) {
    if (!isObject(value)) {
      return new Refused('wrong_type', 'must be an object of currency and value, a decimal string');
    }
    const { currency, value: decimal } = value;
    if (currency === undefined) return new Refused('missing_field', 'is missing').under('currency');
    if (decimal === undefined) return new Refused('missing_field', 'is missing').under('value');
    if (typeof currency !== 'string') {
      return new Refused('wrong_type', 'must be a string').under('currency');
    }
    if (typeof decimal !== 'string') {
      return new Refused('wrong_type', 'must be a decimal string, not a number').under('value');
    }
    if (!Object.hasOwn(CURRENCY_DIGITS, currency)) {
      return new Refused('unknown_currency', 'is not a known currency').under('currency');
    }
    const minor = parseMinor(currency, decimal);
    if (minor === undefined) {
      return new Refused(
        'invalid_value',
        'must be a decimal without sign, leading zeros or excess decimals',
      ).under('value');
    }
    return { currency, minor };
  },
  schema: {
    type: 'object',
    required: ['currency', 'value'],
    properties: { currency: { enum: CURRENCIES }, value: { type: 'string' } },
    anyOf: [...new Set(Object.values(CURRENCY_DIGITS))].map((digits) => ({
      properties: {
        currency: { enum: CURRENCIES.filter((currency) => CURRENCY_DIGITS[currency] === digits) },
        value: {
          type: 'string',
          pattern: digits === 0 ? `^${WHOLE}$` : `^${WHOLE}(?:\\.[0-9]{1,${digits}})?$`,
        },
      },
    })),
  },
};

const SHARE_PATTERN = '^(?:0(?:\\.[0-9]{1,2})?|1(?:\\.0{1,2})?)$';
const SHARE = new RegExp(SHARE_PATTERN);

/** A share from "0.00" to "1.00", read into whole percent. */
export const sharePercent: Shape<number> = {
  read(value) {
    if (typeof value !== 'string') return new Refused('wrong_type', 'must be a decimal string');
    if (!SHARE.test(value))
      return new Refused('invalid_value', 'must be a decimal from 0.00 to 1.00');
    return Math.round(Number(value) * 100);
  },
  schema: { type: 'string', pattern: SHARE_PATTERN },
};

/** Text that people type. Whatever is no string is dropped; a string is cleaned and cut. */
export function typedText(max: number): OptionalShape<string | undefined> {
  return {
    optional: true,
    read: (value) => (typeof value === 'string' ? cleanText(value, max) : undefined),
    schema: {
      description: `typed text, never a reason to refuse: cleaned of control characters, cut to ${max} characters, dropped unless a string`,
    },
  };
}

const mode = oneOf(['typed', 'pasted', 'scanned', 'order']);
const PLAIN_AMOUNT = /^[0-9.]{0,100}$/;
const SEPARATORS = /[\s,¥元]/g;

/** `amountInput`: of `raw` only features leave this function, never the text. */
export const amountInput: Shape<AmountInput> = {
  read(value) {
    if (!isObject(value)) return new Refused('wrong_type', 'must be an object');
    const { mode: given, raw } = value;
    if (given === undefined) return new Refused('missing_field', 'is missing').under('mode');
    const taken = mode.read(given);
    if (taken instanceof Refused) return taken.under('mode');
    const text = typeof raw === 'string' ? plainAmount(raw) : '';
    return { digits: wholeDigits(text), leadingZero: text.startsWith('0'), mode: taken };
  },
  schema: {
    type: 'object',
    required: ['mode'],
    properties: {
      mode: mode.schema,
      raw: { description: 'what was entered; looked at, never kept; never a reason to refuse' },
    },
  },
};

/** NFKC turns full-width digits, commas, points and ￥ into their plain forms. */
function plainAmount(raw: string): string {
  if (PLAIN_AMOUNT.test(raw)) return raw;
  return cleanText(raw, TYPED_TEXT_MAX.amountInput).normalize('NFKC').replace(SEPARATORS, '');
}

/** Digits before any decimal point. */
function wholeDigits(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length && text[i] !== '.'; i += 1) {
    const char = text.charCodeAt(i);
    if (char >= 0x30 && char <= 0x39) count += 1;
  }
  return count;
}
