import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { canonicalJson, type EventKind, type Json } from '#domain';
import {
  event,
  headersOf,
  kindOf,
  recordOf,
  refusal,
  SAMPLE_BROKER_TIME,
  sampleEvent,
  sampleEvents,
  withData,
  without,
} from '../../samples/samples.ts';

const TRANSFER = sampleEvent('transfer.requested');
const DRAW = sampleEvent('credit.draw-requested');

describe('the content hash', () => {
  it('is that of the canonical JSON of what was read, without the envelope', () => {
    for (const kind of ['transfer.requested', 'credit.draw-requested'] satisfies EventKind[]) {
      const input = event(recordOf(sampleEvent(kind)));
      const { kind: _kind, source: _source, id: _id, time: _time, ...content } = input.event;
      const canonical = canonicalJson(JSON.parse(JSON.stringify(content)) as Json);
      expect(input.contentHash).toBe(hash('sha256', canonical, 'base64url'));
    }
  });

  it('is the same for the same request under another event id and time, and in another order of members', () => {
    const again = { ...TRANSFER, id: 'other', time: '2026-03-02T05:09:00Z' };
    const reversed = Object.fromEntries(Object.entries(TRANSFER.data).toReversed());
    const hashes = [
      recordOf(TRANSFER),
      recordOf(again),
      recordOf(TRANSFER, { value: JSON.stringify({ ...reversed, unknown: 1 }) }),
    ].map((record) => event(record).contentHash);
    expect(new Set(hashes).size).toBe(1);
  });

  it('differs with anything that was read', () => {
    const base = event(recordOf(TRANSFER)).contentHash;
    const changes = [
      { remark: '其他' },
      { amount: { currency: 'CNY', value: '6919.01' } },
      { decideBy: undefined },
    ];
    for (const change of changes) {
      expect(event(recordOf(withData(TRANSFER, change))).contentHash).not.toBe(base);
    }
  });

  it('is of requests only', () => {
    for (const sample of sampleEvents()) {
      const isRequest = ['transfer.requested', 'credit.draw-requested'].includes(kindOf(sample));
      expect('contentHash' in event(recordOf(sample))).toBe(isRequest);
    }
  });
});

describe('a refused request whose ids can be read', () => {
  const subject = { source: TRANSFER.source, kind: 'transfer', id: 'transfer-sample-1' };
  const time = Date.parse(TRANSFER.time);

  it.each([
    ['a wrong amount', withData(TRANSFER, { amount: 6919 }), {}],
    ['a later version', { ...TRANSFER, type: 'io.lengjing.transfer.requested.v2' }, {}],
    ['a wrong topic', TRANSFER, { topic: 'credit.draws' as const }],
    ['a wrong id of the event', { ...TRANSFER, id: '' }, {}],
    ['another specversion', { ...TRANSFER, specversion: '2.0' }, {}],
    [
      'another format',
      TRANSFER,
      { headers: { ...headersOf(TRANSFER), 'content-type': 'text/xml' } },
    ],
    ['too much', withData(TRANSFER, { note: 'x'.repeat(70_000) }), {}],
    [
      'deep nesting',
      withData(TRANSFER, { note: JSON.parse('['.repeat(40) + ']'.repeat(40)) as object }),
      {},
    ],
  ])('is named: %s', (_, sample, changes) => {
    const record = recordOf(
      { ...TRANSFER, data: sample.data },
      { headers: headersOf(sample), ...changes },
    );
    const input = refusal(record);
    expect(input.subject).toMatchObject({ subject, payerId: 'acct-sample-1', requestedAt: time });
    expect(input.subject?.contentHash).toBe(hash('sha256', record.value ?? '', 'base64url'));
    expect(input.subject?.decideBy).toBe(Date.parse('2026-03-02T05:08:00.800Z'));
  });

  it('is named by its draw', () => {
    expect(refusal(recordOf(withData(DRAW, { lender: 5 }))).subject).toMatchObject({
      subject: { source: DRAW.source, kind: 'draw', id: 'draw-sample-1' },
      amount: { currency: 'CNY', minor: 3400000 },
    });
  });

  it('is timed by the broker where its own time cannot be read or is ahead', () => {
    const untimed = { ...headersOf(TRANSFER), ce_time: 'yesterday' };
    expect(refusal(recordOf(TRANSFER, { headers: untimed })).subject?.requestedAt).toBe(
      SAMPLE_BROKER_TIME,
    );
    const ahead = recordOf(withData(TRANSFER, { amount: 1 }), { brokerTime: time - 3_600_000 });
    expect(refusal(ahead).subject?.requestedAt).toBe(time - 3_600_000);
  });

  it('goes without an amount or deadline that cannot be read', () => {
    const input = refusal(recordOf(withData(TRANSFER, { amount: 'much', decideBy: 'soon' })));
    expect(input.subject).toBeDefined();
    expect(input.subject).not.toHaveProperty('amount');
    expect(input.subject).not.toHaveProperty('decideBy');
  });

  it.each([
    ['no source', TRANSFER, { headers: without(headersOf(TRANSFER), 'ce_source') }],
    ['no type', TRANSFER, { headers: without(headersOf(TRANSFER), 'ce_type') }],
    ['no transferId', withData(TRANSFER, { transferId: 5 }), {}],
    [
      'no payer',
      TRANSFER,
      { value: JSON.stringify(withData(TRANSFER, { payer: { accountId: 7 } }).data) },
    ],
    ['no JSON', TRANSFER, { value: '{"transferId":"transfer-sample-1"' }],
    ['no value', TRANSFER, { value: null }],
    ['more than is looked into', withData(TRANSFER, { note: 'x'.repeat(1_100_000) }), {}],
    ['no request', withData(sampleEvent('transfer.failed'), { reason: 'unknown' }), {}],
    ['a draw that was paid', withData(sampleEvent('credit.drawn'), { amount: 5 }), {}],
  ])('is not named with %s', (_, sample, changes) => {
    expect(refusal(recordOf(sample, changes))).not.toHaveProperty('subject');
  });
});
