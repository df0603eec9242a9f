/**
 * Tasks that pay at first (刷单): small sums come back with a commission, then "combined orders" that never do. Sources: 湘潭 (1,000, then
 * 10,000, then 30,000 asked; wallstreetnews 2023-07-04), 新余 (two of 100 returned, 30,000 not), 南昌 (75,879). No call; many receivers.
 */
import type { Script } from './script.ts';

export const brushing: Script = {
  title: 'brushing tasks',
  weight: 3,
  evasions: ['split', 'new-mule', 'delay', 'next-day', 'no-remark', 'other-remark'],
  suits: (person) =>
    person.occupation === 'student' || person.ageBand === '18-29'
      ? 3
      : person.ageBand === '60plus'
        ? 0.3
        : 1,
  *run(episode) {
    const { chance } = episode;
    for (let task = 0; task < chance.between(2, 4); task += 1) {
      const fen = 100 * chance.pick([50, 68, 99, 100, 100, 128, 200, 300]);
      episode.changeMule();
      const mode = chance.happens(0.4) ? 'scanned' : 'typed';
      if (!(yield* episode.send({ fen, mode, plain: true }))) return;
      yield episode.minutes(3, 25);
      episode.receive(Math.round(fen * chance.real(1.05, 1.2)));
      yield chance.happens(0.75) ? episode.minutes(5, 60) : episode.hours(8, 24);
    }
    let yuan = chance.pick([388, 500, 880, 1_000, 1_288]);
    for (let order = 0; order < chance.between(2, 6); order += 1) {
      if (chance.happens(0.6)) episode.changeMule();
      if (100 * yuan > episode.means() && chance.happens(0.6)) {
        const lent = yield* episode.askFriend();
        if (lent === 0) return;
      }
      const remark = chance.pick(['货款', '任务', '充值', '购物']);
      const sent = yield* episode.send({
        fen: 100 * yuan,
        ...(chance.happens(0.2) ? { remark } : {}),
      });
      if (!sent) return;
      yuan = Math.round(yuan * chance.real(1.6, 3.6));
      yield chance.happens(0.8) ? episode.minutes(5, 50) : episode.hours(4, 20);
    }
  },
};
