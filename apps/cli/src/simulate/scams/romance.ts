/**
 * A sweetheart never met falls ill. Source: 江苏 小梁 (red packets on feast days, then a hospital deposit of 4,500, an operation 6,000, a laptop,
 * over 30,000 in all; jsnews.jschina.com.cn 2021-09-23). Always the same receiver, who is soon a payee of old.
 */
import { adultsOnly, type Script } from './script.ts';

export const romance: Script = {
  title: 'romance and emergencies',
  weight: 1.2,
  evasions: ['via-own-card', 'delay', 'no-remark', 'other-remark'],
  suits: adultsOnly,
  *run(episode) {
    const { chance } = episode;
    for (let gift = 0; gift < chance.between(1, 4); gift += 1) {
      const fen = 100 * chance.pick([52, 88, 131.4, 200, 520, 520, 666, 1_314]);
      const remark = chance.pick(['爱你', '520', '节日快乐']);
      const words = chance.happens(0.5) ? { remark } : {};
      if (!(yield* episode.send({ fen: Math.round(fen), plain: true, ...words }))) return;
      yield episode.hours(8, 60);
    }
    const sums = [4_500, 6_000, 3_000, 8_000, 12_000, 20_000];
    for (let need = 0; need < chance.between(1, 5); need += 1) {
      const fen = 100 * chance.pick(sums);
      const remark = chance.pick(['手术费', '住院押金', '医药费', '路费']);
      const sent = yield* episode.send({ fen, ...(chance.happens(0.4) ? { remark } : {}) });
      if (!sent) return;
      yield episode.hours(6, 70);
    }
  },
};
