/** Poison in the middle of a partition: refused, redacted or accepted as CONTRACT.md says, and everything around it is decided. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Producer } from 'kafkajs';
import { decisionIdOf } from '#domain';
import { NODE_HASHING } from '#config';
import { checkRun, contentOf, readJournal, type RunRecord } from '#testing';
import type { Program } from './engine-programs.ts';
import {
  CODE_KEY,
  SECRETS,
  SOURCE,
  WILD_REMARK,
  badRecords,
  codeRecord,
  payersOf,
  transferRecord,
  typedCodeRecord,
  type BadRecord,
  type SpecRecord,
} from './engine-poison-records.ts';
import { jsonOf, type FollowedRecord } from './engine-topics.ts';
import { openWorld, type Run, type World } from './engine-world.ts';

const PARTITION = 5;
const AT = Date.now();
const [victim = '', wild = '', ...payers] = payersOf(PARTITION, 60);
const [stranger = ''] = payersOf(PARTITION + 1, 1);
const BAD = badRecords({ payers, stranger }, AT);
const ABORTED = ['aborted-1', 'aborted-2', 'aborted-3'];
/** One before each bad record and one at the end. */
const GOOD = [...BAD, undefined].map((_bad, index) => `good-${index}`);

interface Decision {
  readonly decisionId: string;
  readonly sequence: number;
  readonly subject: { readonly kind: string; readonly id: string };
  readonly outcome: string;
  readonly reasonCodes: readonly string[];
}

let world: World;
let run: Run;
let engine: Program;
let record: RunRecord;
beforeAll(async () => {
  world = await openWorld();
  run = await world.openRun();
  await sendAll();
  engine = await run.start('risk-engine', { LENGJING_CODE_KEY: CODE_KEY });
  await run.settle();
  record = await run.record();
}, 120_000);
afterAll(() => world.close());

/** Good and bad in turn, each send acknowledged before the next, so that they lie in this order. */
async function sendAll(): Promise<void> {
  const { raw } = world.kafka;
  const createPartitioner = () => (): number => PARTITION;
  const producer = raw.producer({ createPartitioner });
  const transactional = raw.producer({
    createPartitioner,
    transactionalId: 'spec',
    maxInFlightRequests: 1,
    idempotent: true,
  });
  await Promise.all([producer.connect(), transactional.connect()]);
  const good = payers.toReversed();
  for (const [index, bad] of BAD.entries()) {
    await send(producer, transferRecord(`good-${index}`, { payer: good[index] ?? '', at: AT }));
    await send(producer, bad.record);
  }
  await inTransaction(transactional, ABORTED, 'abort');
  await send(producer, transferRecord('wild', { payer: wild, at: AT, changed: wildFields() }));
  await inTransaction(transactional, ['committed-1'], 'commit');
  await send(producer, codeRecord('code-after', { payer: victim, at: AT - 60_000 }));
  await send(producer, typedCodeRecord('typed-code', victim, AT));
  const last = GOOD.length - 1;
  await send(producer, transferRecord(`good-${last}`, { payer: good[last] ?? '', at: AT }));
  await Promise.all([producer.disconnect(), transactional.disconnect()]);
}

function wildFields(): object {
  const payee = { accountId: 'payee-wild', kind: 'wallet', ownership: 'other' };
  return { remark: WILD_REMARK, payee: { ...payee, displayName: WILD_REMARK } };
}

async function send(
  producer: Pick<Producer, 'send'>,
  { topic, key, value, headers }: SpecRecord,
): Promise<void> {
  await producer.send({ topic, messages: [{ key, value, headers: { ...headers } }] });
}

async function inTransaction(
  producer: Producer,
  transferIds: readonly string[],
  end: 'abort' | 'commit',
): Promise<void> {
  const transaction = await producer.transaction();
  for (const [index, id] of transferIds.entries()) {
    const payer = payers[20 + index] ?? '';
    await send(transaction, transferRecord(id, { payer, at: AT }));
  }
  await transaction[end]();
}

function decisionsOf(transferId: string): readonly Decision[] {
  return run.published
    .filter(({ topic }) => topic === 'risk.decisions')
    .map((message) => jsonOf(message) as Decision)
    .filter(({ subject }) => subject.id === transferId);
}

const text = (bytes: Uint8Array | null | undefined): string =>
  Buffer.from(bytes ?? []).toString('utf8');

function letterOf({ record: sent }: BadRecord): FollowedRecord {
  const letters = run.published.filter(
    ({ topic, headers }) =>
      topic === `${sent.topic}.dlq` && text(headers['ce_id']) === sent.headers['ce_id'],
  );
  expect(letters).toHaveLength(1);
  return letters[0] as FollowedRecord;
}

describe.each(BAD)('$name', (bad) => {
  it(`is dead-lettered as ${bad.errorCode}, with where it came from and its own headers`, () => {
    const letter = letterOf(bad);
    const headers = Object.fromEntries(
      Object.entries(letter.headers).map(([name, value]) => [name, text(value)]),
    );
    expect(headers).toMatchObject({
      ...bad.record.headers,
      'error-code': bad.errorCode,
      'original-topic': bad.record.topic,
      'original-partition': String(PARTITION),
      'original-offset': expect.stringMatching(/^\d+$/),
    });
    expect(headers['error-detail']).toMatch(/^[^\n]{10,200}$/);
    expect(text(letter.key)).toBe(bad.record.key);
  });

  it(`leaves ${bad.letter === 'whole' ? 'its value as it came' : 'nothing of its secret'}`, () => {
    const value = Buffer.from(letterOf(bad).value ?? []);
    const sent = Buffer.from(bad.record.value);
    if (bad.letter === 'whole') expect(value.equals(sent)).toBe(true);
    if (bad.letter === 'note') {
      expect(JSON.parse(text(value))).toMatchObject({ redacted: true, bytes: sent.length });
    }
    if (bad.letter === 'redacted') expect(text(value)).toContain('[redacted]');
  });

  const decided = bad.transferId;
  if (decided !== undefined) {
    it('still gets one decision, which says that the request was refused', () => {
      const decisions = decisionsOf(decided);
      const subject = { source: SOURCE, kind: 'transfer', id: decided } as const;
      expect(decisions).toMatchObject([
        {
          decisionId: decisionIdOf(subject, 1, NODE_HASHING.sha1),
          sequence: 1,
          reasonCodes: ['INPUT_REFUSED'],
        },
      ]);
    });
  }
});

describe('around it', () => {
  it('every good transfer is decided once, in the order of the log', () => {
    const order = run.published
      .filter(({ topic }) => topic === 'risk.decisions')
      .map((message) => (jsonOf(message) as Decision).subject.id)
      .filter((id) => id.startsWith('good-'));
    expect(order).toEqual(GOOD);
  });

  it('what typed text holds is no reason to refuse: it is cleaned, cut and decided', () => {
    const decisions = decisionsOf('wild');
    expect(decisions).toHaveLength(1);
    expect(decisions[0]?.reasonCodes).not.toContain('INPUT_REFUSED');
    const kept = record.inputs.flatMap((input) =>
      input.kind === 'event' && input.event.kind === 'transfer.requested' ? [input.event] : [],
    );
    const event = kept.find(({ transferId }) => transferId === 'wild');
    expect(event?.remark).toMatch(/^\[31m亚马逊退款a{480,}$/);
    expect(event?.remark).toHaveLength(500);
    expect(event?.payee.displayName).toHaveLength(100);
  });

  it('records of an aborted transaction are read over, those of a committed one are not', () => {
    for (const id of ABORTED) expect(decisionsOf(id)).toEqual([]);
    expect(decisionsOf('committed-1')).toHaveLength(1);
  });

  it('what follows the poison about codes is heard: the amount is known as the code', () => {
    const [decision] = decisionsOf('typed-code');
    expect(decision?.outcome).toBe('hold');
    const ours = readJournal(record.chains).decisions.find(
      ({ subject }) => subject.id === 'typed-code',
    );
    expect(ours?.body.reasons.map(({ code }) => code)).toContain('CD1');
  });

  it('nothing else is refused, nothing is left out, nothing twice', () => {
    expect(readJournal(record.chains).refusals).toHaveLength(BAD.length);
    expect(checkRun(record)).toEqual([]);
  });
});

describe('a secret that came with it', () => {
  /** In the ways in which bytes are written down. */
  const FORMS = SECRETS.flatMap((secret) => {
    const bytes = Buffer.from(secret);
    // Three places in a group of base64, without the characters that depend on what stands beside.
    const base64 = [0, 1, 2].map((place) => {
      const encoded = Buffer.concat([Buffer.alloc(place), bytes]).toString('base64');
      return encoded.slice(place === 0 ? 0 : 4, 8);
    });
    return [secret, bytes.toString('hex'), ...base64];
  });

  it('is in no message, no log line and no entry of the journal', () => {
    const places = [
      engine.output(),
      ...run.published.map(({ key, value, headers }) =>
        [key, value, ...Object.values(headers)].map(text).join('\n'),
      ),
      ...[...record.chains.values()].flat().map((entry) => JSON.stringify(contentOf(entry))),
    ];
    for (const form of FORMS) {
      expect(places.filter((place) => place.includes(form))).toEqual([]);
    }
  });

  it('is in no table of the database', async () => {
    const { dataSource } = run.database;
    const tables: readonly { name: string }[] = await dataSource.query(
      `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    expect(tables.length).toBeGreaterThan(5);
    for (const { name } of tables) {
      const found: readonly object[] = await dataSource.query(
        `SELECT 1 FROM ${name} AS row WHERE row::text LIKE ANY ($1)`,
        [FORMS.map((form) => `%${form}%`)],
      );
      expect({ table: name, rows: found.length }).toEqual({ table: name, rows: 0 });
    }
  });
});
