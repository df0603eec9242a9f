/**
 * Pig-butchering: a platform that shows profits, pays out once, and never again. Source: 石家庄长安 (1,000 tried and withdrawn with profit,
 * then 130,000 of savings, then 30,000 from parents and 130,000 of loans; hb.zhonghongwang.com/show-162-1958), 大连 (several sums, then a
 * "guarantee"). Days to weeks, no call.
 */
import { LENDERS } from '../town.ts';
import { adultsOnly, type Script } from './script.ts';

export const investment: Script = {
  title: 'investment platform',
  weight: 2,
  evasions: ['split', 'new-mule', 'via-own-card', 'delay', 'next-day', 'no-remark', 'other-remark'],
  suits: (person) => (person.monthlyIncome > 600_000 ? adultsOnly(person) * 2 : adultsOnly(person)),
  *run(episode) {
    const { chance, victim } = episode;
    const tried = 100 * chance.pick([500, 1_000, 1_000, 2_000]);
    if (!(yield* episode.send({ fen: tried, plain: true }))) return;
    yield episode.hours(2, 30);
    episode.receive(Math.round(tried * chance.real(1.1, 1.9)));
    for (let round = 0; round < chance.between(1, 4); round += 1) {
      yield episode.hours(6, 50);
      episode.changeMule();
      const { savings, bank } = victim.ledger;
      const fen = episode.round(Math.max(savings, bank) * chance.real(0.3, 0.95));
      if (fen < 50_000) break;
      if (savings > bank && chance.happens(0.7)) yield* episode.emptySavings();
      const remark = chance.pick(['充值', '投资', '入金', '理财']);
      const sent = yield* episode.send({ fen, ...(chance.happens(0.2) ? { remark } : {}) });
      if (!sent) return;
    }
    if (!chance.happens(0.45)) return;
    yield episode.hours(5, 40);
    for (const product of LENDERS.slice(0, chance.between(1, 3))) {
      const fen = yield* episode.borrow(product);
      if (fen === 0) continue;
      yield episode.minutes(5, 120);
      if (!(yield* episode.send({ fen, pocket: episode.pocketWith(fen), loanFirst: true }))) return;
    }
  },
};
