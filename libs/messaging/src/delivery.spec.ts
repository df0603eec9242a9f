import { beforeEach, describe, expect, it } from '@jest/globals';
import type { TopicPosition } from '#application';
import type { InputTopic } from '#domain';
import { Delivery, type FetchTopic, type FetchedPartition } from './delivery.ts';

const TOPICS: readonly InputTopic[] = ['credit.draws', 'payments.transfers'];
const [DRAWS, TRANSFERS] = ['p.credit.draws', 'p.payments.transfers'];
const BYTES = 1000;

describe('delivery of one member', () => {
  let rounds: number;
  let skipped: TopicPosition[];
  let failures: string[];
  let delivery: Delivery;
  beforeEach(() => {
    rounds = 0;
    skipped = [];
    failures = [];
    delivery = new Delivery(TOPICS, 'p.', {
      roundEnded: () => (rounds += 1),
      skip: (position) => {
        skipped.push(position);
        delivery.seek(position);
      },
      failed: (error) => failures.push(error.message),
    });
    delivery.assign([0], new Set());
  });

  const ask = (draws: number | string, transfers: number | string): FetchTopic[] => [
    {
      topic: DRAWS ?? '',
      partitions: [{ partition: 0, fetchOffset: String(draws), maxBytes: BYTES }],
    },
    {
      topic: TRANSFERS ?? '',
      partitions: [{ partition: 0, fetchOffset: String(transfers), maxBytes: BYTES }],
    },
  ];
  const answer = (
    topic: string | undefined,
    fetchOffset: number,
    recordCount: number,
    readableEnd: number,
  ): FetchedPartition => ({
    topic: topic ?? '',
    partition: 0,
    fetchOffset,
    recordCount,
    readableEnd,
  });
  const resumeBoth = (draws = 0, transfers = 0): void => {
    delivery.seek({ topic: 'credit.draws', partition: 0, nextOffset: draws });
    delivery.seek({ topic: 'payments.transfers', partition: 0, nextOffset: transfers });
  };
  /** A request that finds both logs empty at their positions. */
  const emptyFetch = (draws = 0, transfers = 0, node = '1'): void => {
    const { round } = delivery;
    delivery.planFetch(ask(draws, transfers));
    delivery.fetched(node, round, [
      answer(DRAWS, draws, 0, draws),
      answer(TRANSFERS, transfers, 0, transfers),
    ]);
    delivery.handedOver(node);
  };

  describe('may be delivered', () => {
    it('nothing before resume, nothing of others, nothing while a seek is under way', () => {
      expect(delivery.mayDeliver(DRAWS ?? '', 0)).toBeUndefined();
      expect(delivery.mayDeliver(DRAWS ?? '', 1)).toBeUndefined();
      resumeBoth();
      expect(delivery.mayDeliver(DRAWS ?? '', 0)).toBeUndefined();
      delivery.planFetch(ask(0, 0));
      expect(delivery.mayDeliver(DRAWS ?? '', 0)).toBe('credit.draws');
      delivery.setPaused('credit.draws', 0, true);
      expect(delivery.mayDeliver(DRAWS ?? '', 0)).toBeUndefined();
      delivery.assign([], new Set());
      expect(delivery.mayDeliver(DRAWS ?? '', 0)).toBeUndefined();
    });

    it('fails when a batch begins before the position', () => {
      resumeBoth(5);
      delivery.planFetch(ask(5, 0));
      expect(delivery.advance(DRAWS ?? '', 0, 5, 9)).toBe(true);
      expect(delivery.advance(DRAWS ?? '', 0, 9, 12)).toBe(false);
      expect(failures).toEqual(['p.credit.draws 0 delivered offset 9 again, expected 10 or later']);
    });
  });

  describe('a silent reset', () => {
    it('of a position that was never asked for fails before anything is read there', () => {
      resumeBoth(100);
      delivery.planFetch(ask(100, 0));
      delivery.planFetch(ask(0, 0));
      expect(failures).toHaveLength(1);
      expect(failures[0]).toContain('p.credit.draws 0 was reset from 100 to 0');
    });

    it('is not what a request from before a seek is', () => {
      resumeBoth(100);
      delivery.planFetch(ask(3, 0));
      delivery.planFetch(ask(100, 0));
      delivery.advance(DRAWS ?? '', 0, 100, 120);
      delivery.planFetch(ask(121, 0));
      delivery.seek({ topic: 'credit.draws', partition: 0, nextOffset: 7 });
      delivery.planFetch(ask(121, 0));
      delivery.planFetch(ask(7, 0));
      expect(failures).toEqual([]);
    });

    it('is not what a partition is that was never resumed', () => {
      delivery.planFetch(ask(55, 66));
      expect(failures).toEqual([]);
    });

    it('does not hide behind passed-over markers', () => {
      resumeBoth();
      delivery.planFetch(ask(0, 0));
      delivery.passedOver(DRAWS ?? '', 0, 4);
      delivery.planFetch(ask(5, 0));
      expect(failures).toEqual([]);
      delivery.planFetch(ask(4, 0));
      expect(failures).toHaveLength(1);
    });
  });

  describe('a round', () => {
    it('ends when all were found empty, or brought records', () => {
      resumeBoth();
      emptyFetch();
      expect(rounds).toBe(1);
      const { round } = delivery;
      delivery.planFetch(ask(0, 0));
      delivery.fetched('1', round, [answer(DRAWS, 0, 2, 50), answer(TRANSFERS, 0, 0, 0)]);
      delivery.advance(DRAWS ?? '', 0, 0, 1);
      expect(rounds).toBe(1);
      delivery.handedOver('1');
      expect(rounds).toBe(2);
    });

    it('does not end without partitions that take part', () => {
      delivery.handedOver('1');
      resumeBoth();
      delivery.setPaused('credit.draws', 0, true);
      delivery.setPaused('payments.transfers', 0, true);
      delivery.handedOver('1');
      expect(rounds).toBe(0);
    });

    it('waits for one that was unpaused meanwhile', () => {
      resumeBoth();
      delivery.setPaused('credit.draws', 0, true);
      const { round } = delivery;
      delivery.planFetch(ask(0, 0).slice(1));
      delivery.setPaused('credit.draws', 0, false);
      delivery.fetched('1', round, [answer(TRANSFERS, 0, 0, 0)]);
      delivery.handedOver('1');
      expect(rounds).toBe(0);
      emptyFetch();
      expect(rounds).toBe(1);
    });

    it('waits for every broker, and does not take an answer from before it for one', () => {
      resumeBoth();
      const fetchOf = (node: string, topic: string | undefined, round: number): void => {
        delivery.fetched(node, round, [answer(topic, 0, 0, 0)]);
        delivery.handedOver(node);
      };
      const { round } = delivery;
      delivery.planFetch(ask(0, 0));
      fetchOf('1', DRAWS, round);
      expect(rounds).toBe(0);
      fetchOf('2', TRANSFERS, round);
      expect(rounds).toBe(1);
      // This request of the second broker began in the first round.
      fetchOf('2', TRANSFERS, round);
      fetchOf('1', DRAWS, delivery.round);
      expect(rounds).toBe(1);
      fetchOf('2', TRANSFERS, delivery.round);
      expect(rounds).toBe(2);
    });

    it('waits for one that got nothing although there is something', () => {
      resumeBoth();
      const { round } = delivery;
      delivery.planFetch(ask(0, 0));
      delivery.fetched('1', round, [answer(DRAWS, 0, 0, 10), answer(TRANSFERS, 0, 3, 3)]);
      delivery.advance(TRANSFERS ?? '', 0, 0, 2);
      delivery.handedOver('1');
      expect(rounds).toBe(0);
      // It is asked for before the others.
      expect(delivery.planFetch(ask(0, 3))).toEqual(ask(0, 3).slice(0, 1));
      delivery.fetched('1', round, [answer(DRAWS, 0, 4, 10)]);
      delivery.advance(DRAWS ?? '', 0, 0, 3);
      delivery.handedOver('1');
      expect(rounds).toBe(1);
      expect(delivery.planFetch(ask(4, 3))).toEqual(ask(4, 3));
    });

    it('ends behind markers and aborted records, not before them', () => {
      resumeBoth();
      const { round } = delivery;
      delivery.planFetch(ask(0, 0));
      delivery.fetched('1', round, [answer(DRAWS, 0, 3, 6), answer(TRANSFERS, 0, 0, 0)]);
      delivery.passedOver(DRAWS ?? '', 0, 2);
      delivery.handedOver('1');
      expect(rounds).toBe(0);
      delivery.planFetch(ask(3, 0));
      delivery.fetched('1', round, [answer(DRAWS, 3, 3, 6), answer(TRANSFERS, 0, 0, 0)]);
      delivery.passedOver(DRAWS ?? '', 0, 5);
      delivery.handedOver('1');
      expect(rounds).toBe(1);
    });
  });

  describe('a hole without records', () => {
    it('is skipped once a request for it alone, with room for any batch, brought nothing', () => {
      resumeBoth();
      const nothing = (): void => delivery.fetched('1', delivery.round, [answer(DRAWS, 0, 0, 10)]);
      delivery.planFetch(ask(0, 0));
      delivery.fetched('1', delivery.round, [answer(DRAWS, 0, 0, 10), answer(TRANSFERS, 0, 0, 0)]);
      delivery.handedOver('1');
      expect(skipped).toEqual([]);
      const [alone] = delivery.planFetch(ask(0, 0));
      expect(alone?.partitions[0]?.maxBytes).toBeGreaterThan(BYTES);
      nothing();
      expect(skipped).toEqual([{ topic: 'credit.draws', partition: 0, nextOffset: 10 }]);
      emptyFetch(10);
      expect(rounds).toBe(1);
      expect(failures).toEqual([]);
    });

    it('is none when the large request brings a record', () => {
      resumeBoth();
      delivery.planFetch(ask(0, 0));
      delivery.fetched('1', delivery.round, [answer(DRAWS, 0, 0, 10), answer(TRANSFERS, 0, 0, 0)]);
      delivery.planFetch(ask(0, 0));
      delivery.fetched('1', delivery.round, [answer(DRAWS, 0, 1, 10)]);
      expect(skipped).toEqual([]);
      expect(delivery.planFetch(ask(0, 0))).toEqual(ask(0, 0));
    });
  });

  describe('a rebalance', () => {
    it('keeps position and pause of what stays, and nothing of what comes back', () => {
      delivery.assign([0, 1], new Set());
      for (const partition of [0, 1]) {
        for (const topic of TOPICS) delivery.seek({ topic, partition, nextOffset: 10 + partition });
      }
      delivery.setPaused('credit.draws', 0, true);
      delivery.assign([0, 1], new Set([0]));
      expect(delivery.held()).toEqual([0, 1]);
      expect(delivery.resumedPositions()).toEqual([
        { topic: 'credit.draws', partition: 0, nextOffset: 10 },
        { topic: 'payments.transfers', partition: 0, nextOffset: 10 },
      ]);
      expect(delivery.isPaused('credit.draws', 0)).toBe(true);
      expect(delivery.seek({ topic: 'credit.draws', partition: 7, nextOffset: 0 })).toBe(false);
    });
  });
});
