/** Contract of `InputLog`, as the engine relies on it. Run on the simulated log and on Kafka. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { InputLog } from '#application';
import { INPUT_TOPICS, type InputTopic } from '#domain';
import { type Collector, fromPositions, fromStart, makeCollector } from './input-log-collector.ts';

export const CONTRACT_PARTITIONS = 4;

/** An empty log with the six topics, `CONTRACT_PARTITIONS` partitions each, and one group. */
export interface LogUnderTest {
  /** A new instance in the group, not started. */
  instance(): InputLog;
  /** An instance that reads from the beginning until it is killed without a word. */
  doomed(): Promise<{ kill(): Promise<void> }>;
  append(topic: InputTopic, partition: number, values: readonly string[]): Promise<void>;
  appendOne(record: SampleRecord): Promise<void>;
  /** Leaves records of an aborted transaction and markers at the end of the log. */
  appendAborted(topic: InputTopic, partition: number): Promise<void>;
  dropBefore(topic: InputTopic, partition: number, offset: number): Promise<void>;
  /** Waits until it is true; rejects when that takes too long. */
  until(condition: () => boolean): Promise<void>;
  /** Long enough for anything that is going to happen to have happened. */
  pass(): Promise<void>;
  close(): Promise<void>;
}

export interface SampleRecord {
  readonly topic: InputTopic;
  readonly partition: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

const ALL = Array.from({ length: CONTRACT_PARTITIONS }, (_, partition) => partition);
const numbers = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, index) => `v${from + index}`);

export function inputLogContract(name: string, open: () => Promise<LogUnderTest>): void {
  describe(`input log on ${name}`, () => {
    let log: LogUnderTest;
    let started: InputLog[];
    beforeEach(async () => {
      log = await open();
      started = [];
    });
    afterEach(async () => {
      await Promise.all(started.map((one) => one.stop()));
      await log.close();
    });

    async function start(collect: (input: InputLog) => Collector): Promise<[InputLog, Collector]> {
      const input = log.instance();
      started.push(input);
      const collector = collect(input);
      let partitionCount = 0;
      void input.start(collector).then((result) => {
        partitionCount = result.partitionCount;
      });
      await log.until(() => partitionCount === CONTRACT_PARTITIONS);
      return [input, collector];
    }

    /** An instance that has all partitions and reads from the beginning. */
    async function startReading(): Promise<[InputLog, Collector]> {
      const [input, collector] = await start((one) => makeCollector(one, fromStart(one)));
      await log.until(() => collector.rounds > 0);
      return [input, collector];
    }

    it('assigns all partitions to a single instance and delivers nothing before it resumes', async () => {
      await log.append('credit.draws', 1, ['early']);
      const [input, collector] = await start((one) => makeCollector(one));
      await log.until(() => collector.held().length === CONTRACT_PARTITIONS);
      await log.pass();
      expect(collector.count()).toBe(0);
      expect(collector.rounds).toBe(0);
      const [first] = collector.assignments;
      expect(first).toEqual(ALL);
      // One topic-partition resumed does not wake the others.
      await log.append('credit.draws', 2, ['other']);
      const seen: string[] = [];
      collector.onRecords = (topic, partition, records) =>
        seen.push(`${topic} ${partition} ${records.length}`);
      input.resume([{ topic: 'credit.draws', partition: 1, nextOffset: 0 }]);
      await log.until(() => collector.rounds > 1);
      expect(seen).toEqual(['credit.draws 1 1']);
    });

    it('carries key, value, headers and time as they were written', async () => {
      const before = Date.now();
      const sample = { topic: 'payments.transfers', partition: 3 } as const;
      await log.appendOne({
        ...sample,
        key: 'acct-1',
        value: '{"a":1}',
        headers: { ce_id: '1', ce_type: 'ü' },
      });
      await log.appendOne({ ...sample, key: null, value: null, headers: {} });
      const [, collector] = await startReading();
      await log.until(() => collector.count() === 2);
      const [full, bare] = collector.of('payments.transfers', 3);
      expect(full).toMatchObject({ topic: 'payments.transfers', partition: 3, offset: 0 });
      expect(Buffer.from(full?.key ?? []).toString()).toBe('acct-1');
      expect(Buffer.from(full?.value ?? []).toString()).toBe('{"a":1}');
      expect(
        [...(full?.headers ?? [])].map(([header, bytes]) => [
          header,
          Buffer.from(bytes).toString(),
        ]),
      ).toEqual([
        ['ce_id', '1'],
        ['ce_type', 'ü'],
      ]);
      expect(full?.brokerTime).toBeGreaterThanOrEqual(before - 1_000);
      expect(full?.brokerTime).toBeLessThanOrEqual(Date.now() + 1_000);
      expect(bare).toMatchObject({ offset: 1, key: null, value: null });
      expect(bare?.headers.size).toBe(0);
    });

    it('delivers every record of every topic-partition once, in order of offset', async () => {
      for (const topic of INPUT_TOPICS) {
        for (const partition of ALL) await log.append(topic, partition, numbers(25));
      }
      const [, collector] = await startReading();
      for (const topic of INPUT_TOPICS) await log.append(topic, 0, numbers(25, 25));
      await log.until(
        () => collector.count() === INPUT_TOPICS.length * 25 * (CONTRACT_PARTITIONS + 1),
      );
      for (const topic of INPUT_TOPICS) {
        expect(collector.values(topic, 0)).toEqual(numbers(50));
        expect(collector.values(topic, 3)).toEqual(numbers(25));
      }
      await log.pass();
      expect(collector.count()).toBe(INPUT_TOPICS.length * 25 * (CONTRACT_PARTITIONS + 1));
      expect(collector.complaints).toEqual([]);
    });

    it('begins exactly where it is told, forward and back', async () => {
      await log.append('holds.responses', 2, numbers(20));
      const [input, collector] = await start((one) =>
        makeCollector(
          one,
          fromPositions([{ topic: 'holds.responses', partition: 2, nextOffset: 7 }]),
        ),
      );
      await log.until(() => collector.count() === 13);
      expect(collector.values('holds.responses', 2)).toEqual(numbers(13, 7));
      // The end of the log is a position like any other.
      input.resume([{ topic: 'holds.responses', partition: 2, nextOffset: 20 }]);
      await log.pass();
      await log.append('holds.responses', 2, ['v20']);
      await log.until(() => collector.count() === 14);
      const again: number[] = [];
      collector.onRecords = (_topic, _partition, records) =>
        again.push(...records.map((one) => one.offset));
      input.resume([{ topic: 'holds.responses', partition: 2, nextOffset: 18 }]);
      await log.until(() => again.length === 3);
      expect(again).toEqual([18, 19, 20]);
    });

    it('ignores positions of partitions it does not have', async () => {
      const [input, collector] = await startReading();
      input.resume([{ topic: 'credit.draws', partition: 99, nextOffset: 0 }]);
      await log.append('credit.draws', 0, ['a']);
      await log.until(() => collector.count() === 1);
      expect(collector.failures).toEqual([]);
    });

    it.each([-1, 1.5, Number.NaN])('refuses the position %s', async (nextOffset) => {
      const [input] = await startReading();
      expect(() => input.resume([{ topic: 'credit.draws', partition: 0, nextOffset }])).toThrow(
        RangeError,
      );
    });

    it('passes over markers and aborted records, and ends rounds behind them', async () => {
      await log.append('credit.draws', 0, ['a']);
      await log.appendAborted('credit.draws', 0);
      await log.append('credit.draws', 0, ['b']);
      await log.appendAborted('credit.draws', 0);
      const [input, collector] = await startReading();
      await log.until(() => collector.count() === 2);
      expect(collector.values('credit.draws', 0)).toEqual(['a', 'b']);
      const [a, b] = collector.of('credit.draws', 0).map((one) => one.offset);
      expect(a).toBe(0);
      expect(b).toBeGreaterThan(1);
      const rounds = collector.rounds;
      await log.until(() => collector.rounds > rounds + 2);
      // What follows is found from the position of a reader that saw nothing but the last record.
      await log.append('credit.draws', 0, ['c']);
      input.resume([{ topic: 'credit.draws', partition: 0, nextOffset: (b ?? 0) + 1 }]);
      await log.until(() => collector.count() === 3);
      expect(collector.values('credit.draws', 0)).toEqual(['a', 'b', 'c']);
      expect(collector.complaints).toEqual([]);
    });

    it('pauses one topic-partition and keeps its place, while the others go on', async () => {
      const [input, collector] = await startReading();
      input.pause('session.signals', 1);
      await log.append('session.signals', 1, numbers(10));
      await log.append('session.signals', 2, numbers(10));
      await log.until(() => collector.count() === 10);
      const rounds = collector.rounds;
      // A paused one is not waited for.
      await log.until(() => collector.rounds > rounds + 2);
      await log.pass();
      expect(collector.of('session.signals', 1)).toEqual([]);
      input.unpause('session.signals', 1);
      await log.until(() => collector.count() === 20);
      expect(collector.values('session.signals', 1)).toEqual(numbers(10));
      input.unpause('session.signals', 1);
      input.pause('session.signals', 1);
      input.pause('session.signals', 1);
      input.unpause('session.signals', 1);
      await log.append('session.signals', 1, numbers(10, 10));
      await log.until(() => collector.count() === 30);
      expect(collector.values('session.signals', 1)).toEqual(numbers(20));
      expect(collector.complaints).toEqual([]);
    });

    it('delivers nothing of a topic-partition that was paused from inside a delivery', async () => {
      for (const partition of ALL) await log.append('credit.draws', partition, numbers(30));
      const [input, collector] = await start((one) => {
        const own = makeCollector(one, fromStart(one));
        own.onRecords = () => {
          own.onRecords = undefined;
          ALL.forEach((partition) => one.pause('credit.draws', partition));
        };
        return own;
      });
      await log.until(() => collector.count() > 0);
      const delivered = collector.count();
      expect(delivered).toBeLessThanOrEqual(30);
      await log.pass();
      expect(collector.count()).toBe(delivered);
      ALL.forEach((partition) => input.unpause('credit.draws', partition));
      await log.until(() => collector.count() === 30 * CONTRACT_PARTITIONS);
      for (const partition of ALL)
        expect(collector.values('credit.draws', partition)).toEqual(numbers(30));
      expect(collector.complaints).toEqual([]);
    });

    it('a round that began after an append delivers it before it ends', async () => {
      const [, collector] = await startReading();
      const ended: { readonly round: number; readonly count: number }[] = [];
      for (let turn = 1; turn <= 5; turn += 1) {
        const topic = INPUT_TOPICS[turn % INPUT_TOPICS.length] ?? 'credit.draws';
        await log.append(topic, turn % CONTRACT_PARTITIONS, [`turn ${turn}`]);
        // The round that is running may have looked before; the next one began after the append.
        const { rounds } = collector;
        await log.until(() => collector.rounds >= rounds + 2);
        ended.push({ round: turn, count: collector.count() });
      }
      expect(ended).toEqual([1, 2, 3, 4, 5].map((round) => ({ round, count: round })));
    });

    it('shares partitions with an instance that joins, and goes on with those it keeps', async () => {
      const [, first] = await startReading();
      await log.append('payments.transfers', 0, numbers(5));
      await log.until(() => first.count() === 5);
      const [, second] = await start((one) => makeCollector(one, fromStart(one)));
      await log.until(() => first.held().length === 2 && second.held().length === 2);
      expect([...first.held(), ...second.held()].toSorted((a, b) => a - b)).toEqual(ALL);
      await log.pass();
      for (const partition of ALL) await log.append('credit.draws', partition, numbers(10));
      await log.until(() => first.count() + second.count() >= 40 + 5);
      for (const partition of ALL) {
        const owner = first.held().includes(partition) ? first : second;
        await log.until(() => owner.of('credit.draws', partition).length === 10);
        expect(owner.values('credit.draws', partition)).toEqual(numbers(10));
      }
      expect([...first.complaints, ...second.complaints]).toEqual([]);
    });

    it('gives the partitions of one that leaves to the one that stays', async () => {
      const [input] = await startReading();
      const [, stays] = await start((one) => makeCollector(one, fromStart(one)));
      await log.until(() => stays.held().length === 2);
      await input.stop();
      await log.until(() => stays.held().length === CONTRACT_PARTITIONS);
      for (const partition of ALL) await log.append('credit.draws', partition, ['x']);
      await log.until(() => stays.count() === CONTRACT_PARTITIONS);
      expect(stays.complaints).toEqual([]);
    });

    it('gives the partitions of one that is killed to the one that stays', async () => {
      const doomed = await log.doomed();
      const [, stays] = await start((one) => makeCollector(one, fromStart(one)));
      await log.until(() => stays.held().length === 2);
      await doomed.kill();
      await log.until(() => stays.held().length === CONTRACT_PARTITIONS);
      for (const partition of ALL) await log.append('credit.draws', partition, ['x']);
      await log.until(() => stays.count() === CONTRACT_PARTITIONS);
      expect(stays.complaints).toEqual([]);
    });

    it('calls nobody after it stopped', async () => {
      const [input, collector] = await startReading();
      await input.stop();
      const before = [collector.count(), collector.rounds, collector.revocations.length];
      await log.append('credit.draws', 0, numbers(10));
      await log.pass();
      expect([collector.count(), collector.rounds, collector.revocations.length]).toEqual(before);
    });

    it('tells where the log begins and ends', async () => {
      await log.append('payer.profiles', 1, numbers(9));
      await log.append('identity.codes', 0, numbers(9));
      await log.dropBefore('identity.codes', 0, 4);
      const [input] = await startReading();
      const answer: { readonly bounds?: Awaited<ReturnType<InputLog['bounds']>> }[] = [];
      void input.bounds([0, 1]).then((bounds) => answer.push({ bounds }));
      await log.until(() => answer.length === 1);
      const bounds = answer[0]?.bounds ?? [];
      expect(bounds).toHaveLength(2 * INPUT_TOPICS.length);
      expect(bounds).toContainEqual({ topic: 'payer.profiles', partition: 1, start: 0, end: 9 });
      expect(bounds).toContainEqual({ topic: 'identity.codes', partition: 0, start: 4, end: 9 });
      expect(bounds).toContainEqual({ topic: 'identity.codes', partition: 1, start: 0, end: 0 });
    });

    it.each([
      ['before its beginning', 2],
      ['behind its end', 11],
    ])('fails when told to read %s, instead of jumping', async (_where, nextOffset) => {
      await log.append('credit.draws', 0, numbers(10));
      await log.dropBefore('credit.draws', 0, 3);
      const [, collector] = await start((one) =>
        makeCollector(one, fromPositions([{ topic: 'credit.draws', partition: 0, nextOffset }])),
      );
      await log.until(() => collector.failures.length > 0);
      expect(collector.failures[0]?.message).toContain('credit.draws');
      await log.pass();
      expect(collector.of('credit.draws', 0)).toEqual([]);
      expect(collector.failures).toHaveLength(1);
    });

    it('takes reports of progress at any time', async () => {
      const [input, collector] = await startReading();
      await log.append('credit.draws', 0, ['a']);
      await log.until(() => collector.count() === 1);
      input.reportProgress([{ topic: 'credit.draws', partition: 0, nextOffset: 1 }]);
      input.reportProgress([{ topic: 'credit.draws', partition: 99, nextOffset: 1 }]);
      await log.pass();
      await log.append('credit.draws', 0, ['b']);
      await log.until(() => collector.count() === 2);
      expect(collector.failures).toEqual([]);
    });
  });
}
