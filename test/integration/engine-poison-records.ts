/** Records that no producer should send, and good ones to go between them, all for one partition of the wire contract. */
import { digestCode, partitionOf } from '#contracts';
import type { InputTopic, RefusalCode } from '#domain';
import { PARTITIONS } from './engine-world.ts';

export const SOURCE = 'urn:spec:platform';
export const CODE_KEY = 'lengjing-acceptance-key';
/** What must appear nowhere: in no message, no row, no log. */
export const SECRETS = ['48210937', '73190462', '59027418'] as const;
/** Typed as an amount by somebody who was told that it is a code. */
const TYPED_CODE = '06919';

export interface SpecRecord {
  readonly topic: InputTopic;
  readonly key: string;
  readonly value: string | Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

export interface BadRecord {
  readonly name: string;
  readonly record: SpecRecord;
  readonly errorCode: RefusalCode;
  /** The transfer that gets a decision all the same, because its ids can be read. */
  readonly transferId?: string;
  /** What the dead letter holds of the value: all of it, or nothing but a note of its size and hash. */
  readonly letter: 'whole' | 'redacted' | 'note';
}

/** Account names that the Java client puts on this partition, as many as are asked for. */
export function payersOf(partition: number, count: number): readonly string[] {
  const found: string[] = [];
  for (let n = 0; found.length < count; n += 1) {
    if (partitionOf(Buffer.from(`payer-${n}`), PARTITIONS) === partition) found.push(`payer-${n}`);
  }
  return found;
}

interface GivenEvent {
  readonly id: string;
  readonly type: string;
  readonly at: number;
  readonly payer: string;
  readonly data: object;
}

function recordOf(topic: InputTopic, { id, type, at, payer, data }: GivenEvent): SpecRecord {
  return {
    topic,
    key: payer,
    value: JSON.stringify({ payer: { accountId: payer }, ...data }),
    headers: {
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_id: id,
      ce_source: SOURCE,
      ce_type: `io.lengjing.${type}.v1`,
      ce_time: new Date(at).toISOString(),
    },
  };
}

/** A transfer that is in order, or not, where `changed` says otherwise. */
export function transferRecord(
  transferId: string,
  { payer, at, changed = {} }: { payer: string; at: number; changed?: object },
): SpecRecord {
  const data = {
    transferId,
    payee: { accountId: `payee-of-${payer}`, kind: 'wallet', ownership: 'other' },
    amount: { currency: 'CNY', value: '88.00' },
    fundingSource: 'balance',
    ...changed,
  };
  return recordOf('payments.transfers', {
    id: `event-${transferId}`,
    type: 'transfer.requested',
    at,
    payer,
    data,
  });
}

/** A code that was seen on a page, with what must not be there where `changed` says so. */
export function codeRecord(
  codeId: string,
  { payer, at, changed = {} }: { payer: string; at: number; changed?: object },
): SpecRecord {
  const data = {
    codeId,
    origin: 'page',
    digits: TYPED_CODE.length,
    keyId: 'default',
    digests: digestCode({ codeId, code: TYPED_CODE, key: CODE_KEY }),
    expiresAt: new Date(at + 600_000).toISOString(),
    ...changed,
  };
  return recordOf('identity.codes', {
    id: `event-${codeId}`,
    type: 'code.observed',
    at,
    payer,
    data,
  });
}

/** Her transfer of the code's digits: decided on what the record after the poison on `identity.codes` said. */
export function typedCodeRecord(transferId: string, payer: string, at: number): SpecRecord {
  const changed = {
    amount: { currency: 'CNY', value: '6919.00' },
    amountInput: { raw: TYPED_CODE, mode: 'typed' },
  };
  return transferRecord(transferId, { payer, at, changed });
}

/** Control characters of every kind, and 10,000 letters. */
export const WILD_REMARK = `\u0000\u0007\u001b[31m亚马逊\r\n退款\u202e\u200b${'a'.repeat(10_000)}`;

export interface Places {
  /** On the partition that the records are sent to. */
  readonly payers: readonly string[];
  /** On another one. */
  readonly stranger: string;
}

/**
 * Everything that CONTRACT refuses, once each, as of `at`. No two records have a payer in common, so that what is decided of one says
 * nothing about another.
 */
export function badRecords({ payers, stranger }: Places, at: number): readonly BadRecord[] {
  const who = payers[Symbol.iterator]();
  const next = (): string => {
    const { value, done } = who.next();
    if (done === true) throw new Error('there are more bad records than payers');
    return value;
  };
  const transfer = (transferId: string, changed: object = {}): SpecRecord =>
    transferRecord(transferId, { payer: next(), at, changed });
  const code = (codeId: string, changed: object = {}): SpecRecord =>
    codeRecord(codeId, { payer: next(), at, changed });
  return [
    ...unreadable(transfer),
    ...ofWrongContent(transfer),
    {
      name: 'a wrong partition',
      record: transferRecord('bad-route', { payer: stranger, at }),
      errorCode: 'misrouted',
      transferId: 'bad-route',
      letter: 'whole',
    },
    ...aboutCodes(code),
  ];
}

type MakeRecord = (id: string, changed?: object) => SpecRecord;

function withValue(record: SpecRecord, value: string | Buffer): SpecRecord {
  return { ...record, value };
}

function unreadable(transfer: MakeRecord): readonly BadRecord[] {
  return [
    {
      name: 'not JSON',
      record: withValue(transfer('bad-text'), 'transferId=bad-text'),
      errorCode: 'not_json',
      letter: 'whole',
    },
    {
      name: 'not JSON, cut off after a secret',
      record: withValue(transfer('bad-cut'), `{"smsCode":"${SECRETS[0]}","transferId":"b`),
      errorCode: 'not_json',
      letter: 'note',
    },
    {
      name: 'bytes that are no text, in which no secret can be excluded',
      record: withValue(transfer('bad-bytes'), Buffer.from([0xff, 0x00, 0xfe, 0x7b])),
      errorCode: 'not_json',
      letter: 'note',
    },
    {
      name: 'no value',
      record: withValue(transfer('bad-empty'), ''),
      errorCode: 'empty',
      letter: 'whole',
    },
  ];
}

function ofWrongContent(transfer: MakeRecord): readonly BadRecord[] {
  const rows: readonly [string, string, object, RefusalCode][] = [
    ['a wrong type', 'bad-type', { fundingSource: 7 }, 'wrong_type'],
    ['a required field that is not there', 'bad-missing', { payee: undefined }, 'missing_field'],
    ['a number as amount', 'bad-number', { amount: { currency: 'CNY', value: 88 } }, 'wrong_type'],
    [
      'an unknown currency',
      'bad-currency',
      { amount: { currency: 'XXQ', value: '88.00' } },
      'unknown_currency',
    ],
    ['70 KB', 'bad-size', { remark: 'x'.repeat(70 * 1_024) }, 'too_large'],
  ];
  return [
    ...rows.map(([name, transferId, changed, errorCode]): BadRecord => {
      return {
        name,
        record: transfer(transferId, changed),
        errorCode,
        transferId,
        letter: 'whole',
      };
    }),
    {
      name: 'a wrong type of the id itself',
      record: transfer('bad-id', { transferId: 4711 }),
      errorCode: 'wrong_type',
      letter: 'whole',
    },
    {
      name: 'a version that is not known yet, with a secret in it',
      record: ofVersion2(transfer('bad-version', { password: SECRETS[1] })),
      errorCode: 'unknown_type',
      transferId: 'bad-version',
      letter: 'redacted',
    },
  ];
}

function aboutCodes(code: MakeRecord): readonly BadRecord[] {
  return [
    {
      name: 'a code in an event about codes',
      record: code('bad-code', { code: SECRETS[2] }),
      errorCode: 'forbidden_field',
      letter: 'redacted',
    },
    {
      name: 'a code deep inside an event about codes, under another name',
      record: code('bad-deep', { detail: { sms: [{ verificationCode: SECRETS[2] }] } }),
      errorCode: 'forbidden_field',
      letter: 'redacted',
    },
    {
      name: 'text about codes that is not JSON',
      record: withValue(code('bad-sms'), `your code is ${SECRETS[2]}`),
      errorCode: 'not_json',
      letter: 'note',
    },
  ];
}

function ofVersion2(record: SpecRecord): SpecRecord {
  return {
    ...record,
    headers: { ...record.headers, ce_type: 'io.lengjing.transfer.requested.v2' },
  };
}
