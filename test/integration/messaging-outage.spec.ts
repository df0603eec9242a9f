/** Brokers that go away: for a moment, for good, and while something is being sent. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OutboundMessage, TransientFault } from '#application';
import { makeKafkaInputLog, makeKafkaOutputLog } from '#messaging';
import { type Collector, fromStart, makeCollector } from '../contract/input-log-collector.ts';
import { startOwnKafka, until } from './messaging-kafka.ts';

let kafka: Awaited<ReturnType<typeof startOwnKafka>>;
beforeAll(async () => {
  kafka = await startOwnKafka();
});
afterAll(() => kafka.close());

const message = (topic: string, value: string): OutboundMessage => ({
  topic,
  partition: 0,
  key: 'acct',
  value,
  headers: {},
});

async function startReading(
  topicPrefix: string,
  outageMsMax: number,
): Promise<[() => Promise<void>, Collector]> {
  const input = makeKafkaInputLog({
    kafka: kafka.connection('reader'),
    groupId: `${topicPrefix}group`,
    topicPrefix,
    outageMsMax,
  });
  const collector = makeCollector(input, fromStart(input));
  await input.start(collector);
  await until(() => collector.rounds > 0, 'reading');
  return [() => input.stop(), collector];
}

describe('an outage', () => {
  it('is ridden out by reader and writer: nothing lost, nothing twice, nothing out of order', async () => {
    const prefix = await kafka.freshTopics(2);
    const topic = `${prefix}credit.draws`;
    const output = makeKafkaOutputLog({ kafka: kafka.connection('writer') });
    const [stop, collector] = await startReading(prefix, 60_000);
    let sent = 0;
    const sendNext = async (): Promise<void> => {
      // As the publisher does: the same message again until it is acknowledged.
      for (;;) {
        try {
          await output.send([message(topic, `v${sent}`)]);
          sent += 1;
          return;
        } catch (error) {
          if (!(error instanceof TransientFault)) throw error;
        }
      }
    };
    for (let n = 0; n < 20; n += 1) await sendNext();
    const meanwhile = (async () => {
      for (let n = 0; n < 20; n += 1) await sendNext();
    })();
    await kafka.broker.kill();
    await kafka.broker.restart();
    await meanwhile;
    for (let n = 0; n < 20; n += 1) await sendNext();
    await until(
      () => collector.values('credit.draws', 0).includes('v59'),
      'reading the last',
      60_000,
    );
    const values = collector.values('credit.draws', 0);
    // At least once: a send that was not acknowledged may have arrived. Without repeats, everything in order.
    expect(values.filter((one, at) => values.indexOf(one) === at)).toEqual(
      Array.from({ length: 60 }, (_, n) => `v${n}`),
    );
    expect(collector.failures).toEqual([]);
    expect(collector.complaints).toEqual([]);
    await stop();
    await output.disconnect();
  });

  it('that lasts too long ends in one failure, and a send in TransientFault', async () => {
    const prefix = await kafka.freshTopics(1);
    const output = makeKafkaOutputLog({ kafka: kafka.connection('writer'), attempts: 2 });
    await output.connect();
    const [stop, collector] = await startReading(prefix, 1_000);
    await kafka.broker.stop();
    await expect(output.send([message(`${prefix}credit.draws`, 'v')])).rejects.toBeInstanceOf(
      TransientFault,
    );
    await until(() => collector.failures.length > 0, 'failing', 55_000);
    expect(collector.failures).toHaveLength(1);
    expect(collector.failures[0]).toBeInstanceOf(TransientFault);
    await stop();
    await kafka.broker.restart();
    await output.send([message(`${prefix}credit.draws`, 'w')]);
    await output.disconnect();
    expect(collector.failures).toHaveLength(1);
  });
});
