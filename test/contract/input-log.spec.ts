/** The contract of the input log on the simulated log: stepped with several seeds and in real time. */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { type SimulatedLogOptions, makeSimulatedLog } from '#testing';
import { fromStart, makeCollector } from './input-log-collector.ts';
import { CONTRACT_PARTITIONS, type LogUnderTest, inputLogContract } from './input-log.ts';

const STEPS_MAX = 200_000;
const WAIT_MS = 5_000;

function open(options: Omit<SimulatedLogOptions, 'partitions'>): Promise<LogUnderTest> {
  const log = makeSimulatedLog({ ...options, partitions: CONTRACT_PARTITIONS });
  const stepped = options.pace === 'steps';
  let count = 0;
  const until = async (condition: () => boolean): Promise<void> => {
    const deadline = Date.now() + WAIT_MS;
    for (let steps = 0; !condition(); steps += 1) {
      if (steps > STEPS_MAX || Date.now() > deadline) throw new Error('it did not happen');
      if (stepped) log.step();
      await nextTurn();
    }
  };
  const pass = (): Promise<void> => (stepped ? log.settle() : sleep(60));
  const under: LogUnderTest = {
    instance() {
      count += 1;
      return log.instance(`instance-${count}`);
    },
    async doomed() {
      count += 1;
      const instance = log.instance(`instance-${count}`);
      const collector = makeCollector(instance, fromStart(instance));
      void instance.start(collector);
      await until(() => collector.rounds > 0);
      return {
        kill: () => {
          instance.crash();
          return Promise.resolve();
        },
      };
    },
    append(topic, partition, values) {
      for (const value of values) log.append({ topic, partition, key: 'k', value });
      return Promise.resolve();
    },
    appendOne(record) {
      log.append(record);
      return Promise.resolve();
    },
    appendAborted(topic, partition) {
      log.skip(topic, partition, 3);
      return Promise.resolve();
    },
    dropBefore(topic, partition, offset) {
      log.dropBefore(topic, partition, offset);
      return Promise.resolve();
    },
    until,
    pass,
    close: () => Promise.resolve(),
  };
  return Promise.resolve(under);
}

for (const seed of [1, 2, 3]) {
  inputLogContract(`the simulated log, seed ${seed}`, () =>
    open({ pace: 'steps', seed, recordsPerFetchMax: 20 }),
  );
}
inputLogContract('the simulated log with slow transfers', () =>
  open({ pace: 'steps', seed: 4, speeds: { 'payments.transfers': 0.05, 'credit.draws': 5 } }),
);
inputLogContract('the simulated log in real time', () => open({ pace: 'real-time' }));
