/**
 * Second-hand goods: a deposit, the price, a "contract fee"; or a seller who must pay a "guarantee". Sources: 南通 瞿某 (200, 1,500, 2,520),
 * 无锡 蔡某 (655) (shicijianshang.com 闲鱼); 顺德 黄小姐 (5,000, then 4,000 at the card's limit; 006323.com/2022/259860), 江都 周女士 (four times, 55,000).
 */
import { adultsOnly, type Script } from './script.ts';

export const secondHandDeposit: Script = {
  title: 'second-hand deposit or guarantee',
  weight: 2,
  evasions: ['new-mule', 'test-first', 'delay', 'next-day', 'no-remark', 'other-remark'],
  suits: (person) => (person.ageBand === '18-29' ? 2 : adultsOnly(person)),
  *run(episode) {
    const { chance } = episode;
    const asSeller = chance.happens(0.5);
    yield episode.minutes(5, 60);
    const yuan = asSeller
      ? [
          chance.pick([1_000, 2_000, 3_000, 5_000]),
          chance.pick([3_000, 4_000, 5_000]),
          chance.pick([5_000, 10_000]),
        ]
      : [
          chance.pick([50, 100, 200, 300]),
          chance.pick([655, 1_200, 1_500, 2_600]),
          chance.pick([500, 2_520]),
        ];
    const words = asSeller ? ['保证金', '店铺保障', '二次授权'] : ['定金', '尾款', '合约费'];
    const count = chance.weighted([
      [1, 2],
      [2, 3],
      [3, 3],
    ]);
    for (let step = 0; step < count; step += 1) {
      const sent = yield* episode.send({
        fen: 100 * (yuan[step] ?? 500),
        mode: asSeller && chance.happens(0.5) ? 'scanned' : 'typed',
        ...(chance.happens(0.4) ? { remark: words[step] ?? '保证金' } : {}),
      });
      if (!sent) return;
      yield chance.happens(0.7) ? episode.minutes(4, 60) : episode.hours(3, 20);
    }
  },
};
