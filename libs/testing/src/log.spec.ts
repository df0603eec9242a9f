import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type InputLogListener, TransientFault } from '#application';
import { INPUT_TOPICS, type InputTopic } from '#domain';
import { type SimulatedInstance, type SimulatedLog, makeSimulatedLog } from './log.ts';

/** A listener that resumes everything from the beginning and writes down what happens, in one list. */
function recorder(instance: SimulatedInstance, story: string[]): InputLogListener {
  return {
    assigned(partitions) {
      story.push(`assigned ${partitions.join(' ')}`);
      void instance.bounds(partitions).then((bounds) => {
        instance.resume(
          bounds.map(({ topic, partition, start }) => ({ topic, partition, nextOffset: start })),
        );
      });
    },
    revoked: (partitions) => story.push(`revoked ${partitions.join(' ')}`),
    records(topic, partition, records, end) {
      story.push(`${topic} ${partition}: ${records.map((one) => one.offset).join(' ')} of ${end}`);
    },
    roundEnded: () => story.push('round'),
    failed: (error) => story.push(`failed: ${error.message}`),
  };
}

function start(log: SimulatedLog, id: string, story: string[]): SimulatedInstance {
  const instance = log.instance(id);
  void instance.start(recorder(instance, story));
  return instance;
}

const append = (log: SimulatedLog, topic: InputTopic, partition = 0, value = 'v'): number =>
  log.append({ topic, partition, key: 'k', value });

const read = (story: readonly string[], topic: InputTopic): string[] =>
  story
    .filter((line) => line.startsWith(topic))
    .flatMap((line) => line.replace(/^.*: | of.*$/g, '').split(' '));

async function tell(seed: number, lag = 1): Promise<readonly string[]> {
  const log = makeSimulatedLog({
    partitions: 3,
    pace: 'steps',
    seed,
    recordsPerFetchMax: 4,
    speeds: { 'session.signals': lag },
  });
  const stories: string[] = [];
  const first = start(log, 'first', stories);
  for (let turn = 0; turn < 60; turn += 1) {
    const topic = INPUT_TOPICS[turn % INPUT_TOPICS.length] ?? 'credit.draws';
    append(log, topic, turn % 3);
    for (let steps = 0; steps < 5; steps += 1) {
      log.step();
      await Promise.resolve();
    }
    if (turn === 20) start(log, 'second', stories);
    if (turn === 40) first.crash();
  }
  await log.settle();
  return stories;
}

describe('the simulated log', () => {
  it('tells the same story for the same seed, and another for another', async () => {
    const [one, again, other] = [await tell(7), await tell(7), await tell(8)];
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
  });

  it('does nothing by itself when it is stepped', async () => {
    const log = makeSimulatedLog({ partitions: 1, pace: 'steps' });
    const story: string[] = [];
    start(log, 'one', story);
    append(log, 'credit.draws');
    await new Promise((next) => setTimeout(next, 30));
    expect(story).toEqual([]);
    await log.settle();
    expect(read(story, 'credit.draws')).toEqual(['0']);
  });

  it('lets a slow topic lag behind the others', async () => {
    const before = async (lag: number): Promise<number> => {
      const log = makeSimulatedLog({
        partitions: 1,
        pace: 'steps',
        speeds: { 'session.signals': lag },
      });
      const story: string[] = [];
      start(log, 'one', story);
      await log.settle();
      let earlier = 0;
      for (let turn = 0; turn < 40; turn += 1) {
        append(log, 'session.signals');
        append(log, 'payments.transfers');
        await log.settle();
        const [signals, transfers] = ['session.signals', 'payments.transfers'].map((topic) =>
          story.findLastIndex((line) => line.startsWith(topic)),
        );
        if ((signals ?? 0) < (transfers ?? 0)) earlier += 1;
      }
      return earlier;
    };
    expect(await before(1)).toBeGreaterThan(8);
    expect(await before(0.01)).toBeLessThan(4);
  });

  it('delivers everything to somebody, whatever the interleaving of joins, kills and appends', async () => {
    const action = fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({
          kind: fc.constant('append'),
          topic: fc.constantFrom(...INPUT_TOPICS),
          partition: fc.nat(2),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constantFrom('join', 'crash', 'expel', 'stop') }),
      },
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('step'), count: fc.nat(30) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.array(action, { maxLength: 60 }), async (seed, actions) => {
        const log = makeSimulatedLog({ partitions: 3, pace: 'steps', seed, recordsPerFetchMax: 3 });
        const story: string[] = [];
        const alive = [start(log, 'first', story)];
        let appended = 0;
        for (const one of actions) {
          if ('topic' in one) {
            append(log, one.topic, one.partition);
            appended += 1;
          } else if ('count' in one) {
            for (let step = 0; step < one.count; step += 1) {
              log.step();
              await Promise.resolve();
            }
          } else if (one.kind === 'join')
            alive.push(start(log, `extra-${alive.length}-${appended}`, story));
          else if (one.kind === 'expel') alive.at(-1)?.expel();
          else if (alive.length > 1) {
            const gone = alive.pop();
            if (one.kind === 'crash') gone?.crash();
            else await gone?.stop();
          }
        }
        await log.settle();
        const seen = new Set(
          story.flatMap((line) => {
            const match = /^(?<lane>[a-z.]+ \d): (?<offsets>[\d ]+) of/.exec(line)?.groups;
            return (
              match?.['offsets']?.split(' ').map((offset) => `${match['lane']} ${offset}`) ?? []
            );
          }),
        );
        expect(seen.size).toBe(appended);
        expect(story.filter((line) => line.startsWith('failed'))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('an instance that was expelled reads on until it hears of it, and then begins anew', async () => {
    const seen: boolean[] = [];
    for (let seed = 0; seed < 20; seed += 1) {
      const log = makeSimulatedLog({ partitions: 2, pace: 'steps', seed });
      const [zombie, other]: [string[], string[]] = [[], []];
      const instance = start(log, 'zombie', zombie);
      start(log, 'other', other);
      await log.settle();
      const mark = zombie.length;
      instance.expel();
      append(log, 'credit.draws', 0);
      append(log, 'credit.draws', 1);
      await log.settle();
      const told = zombie.findIndex((line, at) => at >= mark && line.startsWith('revoked'));
      expect(told).toBeGreaterThanOrEqual(mark);
      expect(zombie.slice(told).some((line) => line.startsWith('assigned'))).toBe(true);
      seen.push(zombie.slice(mark, told).some((line) => line.startsWith('credit.draws')));
    }
    // Both happen: that is what epochs are for.
    expect(new Set(seen)).toEqual(new Set([true, false]));
  });

  it('refuses partitions that it does not have', () => {
    const log = makeSimulatedLog({ partitions: 2, pace: 'steps' });
    expect(() => append(log, 'credit.draws', 2)).toThrow('there is no partition 2, only 0 to 1');
  });

  it('remembers reported progress', () => {
    const log = makeSimulatedLog({ partitions: 2, pace: 'steps' });
    log.instance('one').reportProgress([{ topic: 'credit.draws', partition: 1, nextOffset: 5 }]);
    expect(log.progress('credit.draws', 1)).toBe(5);
    expect(log.progress('credit.draws', 0)).toBeUndefined();
  });

  it('loses a tail, and fails the reader that is behind it', async () => {
    const log = makeSimulatedLog({ partitions: 1, pace: 'steps' });
    const story: string[] = [];
    start(log, 'one', story);
    append(log, 'credit.draws');
    append(log, 'credit.draws');
    await log.settle();
    log.dropFrom('credit.draws', 0, 1);
    await log.settle();
    expect(story.at(-1)).toBe('failed: credit.draws 0 has no record at 2, only from 0 to 1');
  });
});

describe('the simulated output', () => {
  const message = (value: string, partition = 0) => ({
    topic: 't',
    partition,
    key: 'k',
    value,
    headers: {},
  });

  it.each(['steps', 'real-time'] as const)(
    'keeps order per topic and partition, %s',
    async (pace) => {
      const published: string[] = [];
      const log = makeSimulatedLog({
        partitions: 1,
        pace,
        onPublished: (one) => published.push(String(one.value)),
      });
      const sends = Promise.all([
        log.output.send([message('a'), message('b', 1)]),
        log.output.send([message('c'), message('d', 1)]),
      ]);
      if (pace === 'steps') await log.settle();
      await sends;
      expect(log.output.published('t', 0).map((one) => [one.offset, one.value])).toEqual([
        [0, 'a'],
        [1, 'c'],
      ]);
      expect(log.output.published('t', 1).map((one) => one.value)).toEqual(['b', 'd']);
      expect(log.output.published('t', 2)).toEqual([]);
      expect(log.output.topics()).toEqual(['t']);
      expect(published).toEqual(['a', 'b', 'c', 'd']);
    },
  );

  it('fails before or after anything arrived, once, and lets the next through', async () => {
    const log = makeSimulatedLog({ partitions: 1, pace: 'real-time' });
    log.output.failNext('before');
    log.output.failNext('after', new Error('lost answer'));
    await expect(log.output.send([message('a')])).rejects.toBeInstanceOf(TransientFault);
    await expect(log.output.send([message('b')])).rejects.toThrow('lost answer');
    await log.output.send([message('c')]);
    expect(log.output.published('t', 0).map((one) => one.value)).toEqual(['b', 'c']);
  });
});
