import { describe, expect, it } from '@jest/globals';
import type { RawRecord } from '#application';
import { TOPIC_OF } from '#domain';
import {
  event,
  kindOf,
  read,
  readSample,
  recordOf,
  refusal,
  SAMPLE_PARTITIONS,
  sampleEvent,
  sampleEvents,
  withData,
} from '../../samples/samples.ts';
import { partitionOf } from '../routing/murmur2.ts';
import { readRecord } from './read-record.ts';

const TRANSFER = sampleEvent('transfer.requested');
const DRAW = sampleEvent('credit.draw-requested');

describe('every kind of event', () => {
  it('has a sample', () => {
    const kinds = new Set(sampleEvents().map(kindOf));
    expect([...kinds].sort()).toEqual(Object.keys(TOPIC_OF).sort());
  });

  it.each(sampleEvents().map((sample) => [kindOf(sample), sample.id, sample] as const))(
    '%s is read from sample %s, in binary and in structured mode alike',
    (kind, id, sample) => {
      const binary = event(recordOf(sample));
      expect(binary.event).toMatchObject({
        kind,
        id,
        source: sample.source,
        time: Date.parse(sample.time),
      });
      expect(binary.event.payer).toEqual(sample.data.payer);
      const structured = event(
        recordOf(sample, {
          value: JSON.stringify(sample),
          headers: { 'content-type': 'application/cloudevents+json' },
        }),
      );
      expect(structured.event).toEqual(binary.event);
      expect(structured.contentHash).toBe(binary.contentHash);
    },
  );

  it('is read from the records of the application’s port', () => {
    const raw: RawRecord = recordOf(TRANSFER);
    expect(readRecord(raw, { partitionCount: SAMPLE_PARTITIONS }).kind).toBe('event');
  });

  it('reads the golden records, headers and all', () => {
    const golden = JSON.parse(readSample('records.json')) as Record<
      'binary' | 'structured',
      { partition: number; key: string; headers: Record<string, string>; value: object }
    >;
    const records = [golden.binary, golden.structured].map(({ partition, key, headers, value }) =>
      recordOf(TRANSFER, {
        partition,
        key: Buffer.from(key),
        headers,
        value: JSON.stringify(value),
      }),
    );
    const [binary, structured] = records.map(event);
    expect(binary?.event).toEqual(structured?.event);
    expect(binary?.event).toEqual({
      kind: 'transfer.requested',
      source: 'https://platform.example/payments',
      id: 'sample-13',
      time: Date.parse('2026-03-02T05:08:00.000Z'),
      payer: {
        accountId: 'acct-sample-1',
        sessionId: 'sess-sample-1',
        deviceId: 'dev-sample-1',
        role: 'consumer',
      },
      transferId: 'transfer-sample-1',
      payee: {
        accountId: 'card-sample-9',
        kind: 'bank_card',
        ownership: 'other',
        firstPaidAt: Date.parse('2026-03-02T05:00:00Z'),
        paidCount: 0,
        accountAgeDays: 12,
        nameMatch: 'unknown',
        declaredContact: false,
        refundable: false,
        displayName: '*某',
      },
      amount: { currency: 'CNY', minor: 691900 },
      amountInput: { mode: 'typed', leadingZero: true, digits: 5 },
      fundingSource: 'balance',
      remark: '亚马逊退款',
      order: {
        ref: 'order-sample-1',
        amount: { currency: 'CNY', minor: 691900 },
        kind: 'purchase',
      },
      profile: {
        liquidBefore: { currency: 'CNY', minor: 2000000 },
        p99Amount: { currency: 'CNY', minor: 300000 },
      },
      decideBy: Date.parse('2026-03-02T05:08:00.800Z'),
    });
  });

  it('never lets the typed amount out of the parser', () => {
    const typed = withData(TRANSFER, { amountInput: { raw: '0483612', mode: 'typed' } });
    expect(JSON.stringify(event(recordOf(typed)))).not.toContain('483612');
    expect(JSON.stringify(event(recordOf(typed)).deadLetter())).not.toContain('483612');
  });
});

describe('what a kind makes of its data', () => {
  it('reads the share of redeemed savings as percent', () => {
    expect(event(recordOf(sampleEvent('savings.redeemed'))).event).toMatchObject({
      sharePercent: 95,
    });
  });

  it.each([
    ['call_started', { caller: 'unsaved' }, { caller: 'unsaved' }],
    ['call_ended', { caller: 'saved', accountId: 7 }, { caller: 'saved' }],
    ['payee_added', { accountId: 'card-1', caller: 'nobody' }, { accountId: 'card-1' }],
    ['card_bound', {}, {}],
    ['login', { caller: 5, accountId: [] }, {}],
    ['login', 'free text', {}],
    ['screenshot', undefined, {}],
  ])('takes of %s with detail %j what has a meaning', (signal, detail, kept) => {
    const { payer } = TRANSFER.data;
    const record = recordOf({
      ...sampleEvent('session.observed'),
      data: { payer, signal, detail },
    });
    const { event: observed } = event(record);
    expect(observed).toEqual({
      kind: 'session.observed',
      source: observed.source,
      id: observed.id,
      time: observed.time,
      payer,
      signal,
      ...kept,
    });
  });

  it.each([['weather_changed'], ['LOGIN'], ['__proto__'], ['toString']])(
    'passes over the unknown signal %s, whatever its detail',
    (signal) => {
      const { payer } = TRANSFER.data;
      const data = { payer, signal, detail: 'anything' };
      const record = recordOf({ ...sampleEvent('session.observed'), data });
      expect(read(record)).toEqual({
        kind: 'ignored',
        topic: record.topic,
        partition: record.partition,
        offset: record.offset,
        brokerTime: record.brokerTime,
      });
    },
  );

  it('keeps the reason of a failure and ignores that of a settlement or cancellation', () => {
    expect(event(recordOf(sampleEvent('transfer.failed'))).event).toMatchObject({
      reason: 'returned',
    });
    expect(event(recordOf(sampleEvent('transfer.cancelled'))).event).not.toHaveProperty('reason');
  });

  it('asks where a requested draw goes, not where a paid one went', () => {
    const nowhere = { disburseTo: undefined };
    expect(refusal(recordOf(withData(DRAW, nowhere))).code).toBe('missing_field');
    expect(
      event(recordOf(withData(sampleEvent('credit.drawn'), nowhere))).event,
    ).not.toHaveProperty('disburseTo');
  });

  it('takes names of lenders and authorities in any script', () => {
    expect(event(recordOf(withData(DRAW, { lender: '某银行' }))).event).toMatchObject({
      lender: '某银行',
    });
  });

  it('reads typed text of any kind without refusing', () => {
    const typed = {
      remark: '退\u0000款\ud83d',
      payee: { ...(TRANSFER.data['payee'] as object), displayName: 7 },
    };
    const { event: read } = event(recordOf(withData(TRANSFER, typed)));
    expect(read).toMatchObject({ remark: '退款\ufffd' });
    expect(read).not.toHaveProperty('payee.displayName');
    const long = event(recordOf(withData(TRANSFER, { remark: '款'.repeat(5_000) }))).event;
    expect(long).toMatchObject({ remark: '款'.repeat(500) });
  });
});

describe('topics', () => {
  it.each(sampleEvents().map((sample) => [kindOf(sample), sample] as const))(
    '%s belongs on its own',
    (kind, sample) => {
      for (const topic of new Set(Object.values(TOPIC_OF))) {
        const input = read(recordOf(sample, { topic }));
        if (topic === TOPIC_OF[kind]) expect(input.kind).toBe('event');
        else expect(input).toMatchObject({ kind: 'refused', code: 'wrong_topic' });
      }
    },
  );
});

describe('routing', () => {
  const key = Buffer.from(TRANSFER.data.payer.accountId);
  const home = partitionOf(key, SAMPLE_PARTITIONS);
  it.each([
    ['no key', { key: null }],
    ['an empty key', { key: Buffer.alloc(0) }],
    ['another key', { key: Buffer.from('acct-sample-2') }],
    ['a key in JSON', { key: Buffer.from('"acct-sample-1"') }],
    ['a key that only begins alike', { key: Buffer.from('acct-sample-1 ') }],
    ['another partition', { partition: (home + 1) % SAMPLE_PARTITIONS }],
  ])('with %s is misrouted, and still named for its decision', (_, changes) => {
    const input = refusal(recordOf(TRANSFER, changes));
    expect(input).toMatchObject({ code: 'misrouted' });
    expect(input.subject?.subject.id).toBe(TRANSFER.data['transferId']);
  });

  it('holds for what is passed over, too', () => {
    const { payer } = TRANSFER.data;
    const record = recordOf(
      { ...sampleEvent('session.observed'), data: { payer, signal: 'weather' } },
      { key: null },
    );
    expect(refusal(record).code).toBe('misrouted');
  });

  it('puts every sample where the partition count says', () => {
    for (const partitionCount of [1, 3, 12, 100]) {
      const record = recordOf(TRANSFER, { partition: partitionOf(key, partitionCount) });
      expect(readRecord(record, { partitionCount }).kind).toBe('event');
    }
  });
});

describe('time', () => {
  const at = Date.parse(TRANSFER.time);
  it.each([
    ['ten minutes ahead of the broker is taken as it is', at - 600_000, { time: at }],
    ['more is taken at the broker', at - 600_001, { time: at - 600_001, timeClamped: true }],
    ['behind is taken as it is, however late', at + 86_400_000, { time: at }],
  ])('%s', (_, brokerTime, expected) => {
    const { event: read } = event(recordOf(TRANSFER, { brokerTime }));
    expect(read).toMatchObject(expected);
    expect('timeClamped' in read).toBe('timeClamped' in expected);
  });
});
