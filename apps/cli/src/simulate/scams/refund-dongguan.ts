/**
 * Nappies, Dongguan (sun0769 161268, quoted in DETECTION §2.1): 246 yuan to be refunded, 备用金 500 arrives, the "difference" of 254 is
 * sent back, then 花呗 27,475, then 微粒贷 and 小鹅; 389,650 in all. A first payment with a good reason, then every lender there is.
 */
import { HUABEI, LENDERS } from '../town.ts';
import { adultsOnly, type Script } from './script.ts';

export const refundDongguan: Script = {
  title: 'refund: the difference sent back (Dongguan)',
  weight: 0.9,
  evasions: ['split', 'new-mule', 'via-own-card', 'delay', 'hang-up', 'no-remark', 'other-remark'],
  suits: (person) =>
    person.ageBand === '18-29' || person.ageBand === '30-44' ? 1 : 0.3 * adultsOnly(person),
  *run(episode) {
    const { chance } = episode;
    episode.ring();
    yield episode.minutes(10, 30);
    // A reserve that the platform lends for days, taken for a refund.
    const reserve = 50_000;
    const price = 100 * chance.between(80, 400);
    episode.receive(reserve);
    yield episode.minutes(2, 10);
    const difference = Math.max(5_000, reserve - price);
    if (
      !(yield* episode.send({ fen: difference, pocket: 'balance', remark: '退差价', plain: true }))
    )
      return;
    const lenders = [HUABEI, ...LENDERS.filter(() => chance.happens(0.5))];
    for (const product of lenders) {
      yield episode.minutes(4, 20);
      const fen = yield* episode.borrow(product);
      if (fen === 0) continue;
      const pocket = episode.pocketWith(fen);
      const words = chance.happens(0.3) ? { remark: '退款' } : {};
      if (!(yield* episode.send({ fen, pocket, loanFirst: true, ...words }))) return;
      if (chance.happens(0.4)) episode.changeMule();
    }
    episode.hangUp();
  },
};
