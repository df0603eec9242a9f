/** The two afternoons, decided by the engine's own code into a spec's database, without a broker. */
import { processBatch, type PartitionLot } from '#application';
import { NODE_HASHING } from '#config';
import { defaultNotices, defaultPolicy, makeCodeBook, partitionOf, readRecord } from '#contracts';
import { INPUT_TOPICS, TOPIC_OF, type EventKind, type Input, type Policy } from '#domain';
import type { Database } from '#persistence';
import { sampleSteps, type SampleName } from '../../apps/cli/src/start/sample-stream.ts';

const PARTITIONS = 12;

/** Decides the sample as if it had just happened; returns the payer's account. `run` makes ids its own. */
export async function decideAfternoon(
  database: Database,
  name: SampleName,
  run: string,
  policy: Policy = defaultPolicy(),
): Promise<string> {
  const now = Date.now();
  const events = sampleSteps(name, now, run).map(({ sent }) => sent);
  const [first] = events;
  if (first === undefined) throw new Error('the sample is empty');
  const payer = (first.data['payer'] as { accountId: string }).accountId;
  const partition = partitionOf(Buffer.from(payer), PARTITIONS);
  const [lease] = await database.engineStore.claim('spec', [partition]);
  if (lease === undefined) throw new Error('the partition was not claimed');
  const offsets = new Map(lease.positions.map(({ topic, nextOffset }) => [topic, nextOffset]));
  const inputs = events.map((event): Input => {
    const topic = TOPIC_OF[event.type.replace(/^io\.lengjing\.|\.v1$/g, '') as EventKind];
    const offset = offsets.get(topic) ?? 0;
    offsets.set(topic, offset + 1);
    const headers = new Map([['content-type', Buffer.from('application/cloudevents+json')]]);
    const value = Buffer.from(JSON.stringify(event));
    const key = Buffer.from(payer);
    const record = { topic, partition, offset, brokerTime: now, key, value, headers };
    return readRecord(record, { partitionCount: PARTITIONS });
  });
  const ranges = INPUT_TOPICS.flatMap((topic) => {
    const from = lease.positions.find((one) => one.topic === topic)?.nextOffset ?? 0;
    const to = offsets.get(topic) ?? from;
    return to > from ? [{ topic, from, to, records: to - from }] : [];
  });
  const lot: PartitionLot = {
    partition,
    epoch: lease.epoch,
    inputs,
    ranges,
    feeds: inputs.map(() => ({})),
  };
  const { unitOfWork, engineStore: store, journalStore: journal } = database;
  const deps = { unitOfWork, store, journal, clock: { now: () => now }, hashing: NODE_HASHING };
  await processBatch(deps, [lot], {
    policy,
    notices: defaultNotices(),
    codeBook: makeCodeBook(new Map()),
  });
  return payer;
}
