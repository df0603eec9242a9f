/**
 * A cot, Xiamen (东南网, quoted in DETECTION §2.1): the caller has the victim draw 借呗 and calls it "compensation"; "退多了", too much was
 * paid, so the surplus goes back. The loan is round, what is sent back is the loan less the price of a cot.
 */
import { LENDERS } from '../town.ts';
import { adultsOnly, type Script } from './script.ts';

export const refundXiamen: Script = {
  title: 'refund: a loan taken for compensation (Xiamen)',
  weight: 0.9,
  evasions: [
    'split',
    'new-mule',
    'via-own-card',
    'test-first',
    'delay',
    'hang-up',
    'no-remark',
    'other-remark',
  ],
  suits: adultsOnly,
  *run(episode) {
    const { chance } = episode;
    episode.ring();
    yield episode.minutes(8, 25);
    const price = 100 * chance.between(150, 900);
    for (const product of LENDERS.slice(0, chance.between(1, 2))) {
      const fen = yield* episode.borrow(product, chance.happens(0.4) ? 1 : chance.real(0.3, 0.9));
      if (fen <= price) continue;
      yield episode.minutes(2, 15);
      const surplus = fen - price;
      const sent = yield* episode.send({
        fen: surplus,
        pocket: episode.pocketWith(surplus),
        loanFirst: true,
        ...(chance.happens(0.5) ? { remark: chance.pick(['退回多余', '退款', '还回']) } : {}),
      });
      if (!sent) return;
    }
    episode.hangUp();
  },
};
