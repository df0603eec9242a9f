/**
 * Savings, then lender after lender, then friends. Source: Mr Li, CNR 天天315 via Sina Finance, 2016 (DETECTION §1.1): cards that do not
 * bind, call-backs, all of the savings, the whole new line in parts, a second lender, "it did not work", friends at last.
 */
import { SECOND_MS } from '#domain';
import { LENDERS } from '../town.ts';
import { adultsOnly, type Script } from './script.ts';

export const borrowAndSend: Script = {
  title: 'refund: savings, loans and friends’ money',
  weight: 1.4,
  evasions: [
    'split',
    'new-mule',
    'via-own-card',
    'test-first',
    'delay',
    'next-day',
    'hang-up',
    'no-remark',
    'other-remark',
  ],
  suits: adultsOnly,
  *run(episode) {
    const { chance } = episode;
    episode.ring();
    yield episode.minutes(8, 25);
    for (let i = 0; i < chance.between(0, 2); i += 1) {
      episode.signal('card_bind_failed');
      yield episode.minutes(1, 4);
    }
    if (chance.happens(0.5)) {
      episode.hangUp();
      if (chance.happens(0.6)) episode.signal('help_searched');
      yield chance.between(30, 300) * SECOND_MS;
      episode.ring();
    }
    const remark = chance.pick(['退款', '系统双向转账', '亚马逊退款', '理赔']);
    const savings = yield* episode.emptySavings();
    if (savings > 10_000 && !(yield* episode.send({ fen: savings, pocket: 'balance', remark })))
      return;
    for (const product of chance.happens(0.6) ? LENDERS.slice(0, 3) : LENDERS.slice(0, 1)) {
      const fen = yield* episode.borrow(product);
      if (fen === 0) continue;
      const pocket = episode.pocketWith(fen);
      if (!(yield* episode.send({ fen, pocket, remark, loanFirst: true }))) return;
      yield episode.minutes(3, 20);
    }
    if (!chance.happens(0.3)) return;
    const lent = yield* episode.askFriend();
    if (lent > 0) yield* episode.send({ fen: lent, pocket: 'balance', remark });
    episode.hangUp();
  },
};
