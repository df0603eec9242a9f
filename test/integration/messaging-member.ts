/** An instance that reads until it is killed: run by specs as a process of its own, with the settings as one JSON argument. */
import { makeKafkaInputLog } from '#messaging';

const settings: unknown = JSON.parse(process.argv[2] ?? 'null');
if (!isSettings(settings))
  throw new Error('run by the specs with brokers, groupId, topicPrefix and sessionTimeoutMs');

const { brokers, groupId, topicPrefix, sessionTimeoutMs } = settings;
const kafka = { brokers: [brokers], clientId: 'doomed' };
const log = makeKafkaInputLog({ kafka, groupId, topicPrefix, sessionTimeoutMs });
let reading = false;
await log.start({
  assigned(partitions) {
    void log.bounds(partitions).then((bounds) => {
      log.resume(
        bounds.map(({ topic, partition, start }) => ({ topic, partition, nextOffset: start })),
      );
    });
  },
  revoked: () => undefined,
  records: () => undefined,
  roundEnded() {
    if (!reading) process.stdout.write('reading\n');
    reading = true;
  },
  failed(error) {
    throw error;
  },
});

interface Settings {
  readonly brokers: string;
  readonly groupId: string;
  readonly topicPrefix: string;
  readonly sessionTimeoutMs: number;
}

function isSettings(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && 'brokers' in value && 'groupId' in value;
}
