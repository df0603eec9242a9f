import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Schedule, TimeHeap, type Process } from './schedule.ts';

describe('time heap', () => {
  it('gives back everything by time, then rank, then arrival', () => {
    const items = fc.array(
      fc.record({ time: fc.integer({ min: 0, max: 5 }), rank: fc.nat({ max: 2 }) }),
    );
    fc.assert(
      fc.property(items, (given) => {
        const heap = new TimeHeap<number>();
        for (const [index, { time, rank }] of given.entries()) heap.push(time, index, rank);
        const taken: number[] = [];
        while (heap.size > 0) taken.push(heap.pop() ?? -1);
        const wanted = given
          .map((item, index) => ({ ...item, index }))
          .sort((a, b) => a.time - b.time || a.rank - b.rank || a.index - b.index);
        expect(taken).toEqual(wanted.map(({ index }) => index));
        expect(heap.pop()).toBeUndefined();
      }),
    );
  });
});

describe('schedule', () => {
  it('runs processes in turn, never back in time, and none at or after the end', () => {
    const seen: [string, number][] = [];
    const schedule = new Schedule(100);
    function* process(name: string, waits: readonly number[]): Process {
      for (const wait of waits) {
        seen.push([name, schedule.now]);
        yield wait;
      }
      seen.push([name, schedule.now]);
    }
    schedule.start(110, process('a', [5, -7, 1_000]));
    schedule.start(50, process('b', [12]));
    while (schedule.step(200)) void 0;
    expect(seen).toEqual([
      ['b', 100],
      ['a', 110],
      ['b', 112],
      ['a', 115],
      ['a', 115],
    ]);
    expect(schedule.size).toBe(1);
  });
});
