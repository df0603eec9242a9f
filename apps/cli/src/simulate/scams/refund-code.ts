/**
 * A code typed as the amount. Source: Mrs Xu, CNR 天天315 via Sina Finance, 2016 (DETECTION §1.2): a caller knows the order, a "refuse
 * to receive" test bounces, a page shows a code, the code is typed as the amount with the remark 亚马逊退款, a second and longer code
 * follows, then loans. Codes here are uniform as real ones are, or chosen by the caller to fit the purse.
 */
import { DAY_MS } from '#domain';
import { pay } from '../paying.ts';
import type { Process } from '../schedule.ts';
import { LENDERS } from '../town.ts';
import { yuan } from '../world.ts';
import type { Episode } from './episode.ts';
import { adultsOnly, type Script } from './script.ts';

export const refundCode: Script = {
  title: 'refund: a code typed as the amount',
  weight: 1.4,
  evasions: [
    'new-mule',
    'test-first',
    'round-code',
    'code-as-fen',
    'hang-up',
    'no-remark',
    'other-remark',
    'delay',
  ],
  suits: adultsOnly,
  *run(episode) {
    yield* order(episode);
    yield Math.round(episode.chance.real(0.3, 3) * DAY_MS);
    episode.ring();
    yield episode.minutes(6, 25);
    if (episode.chance.happens(0.4)) {
      const remark = '亚马逊退款';
      const fen = 100 * episode.chance.pick([1, 1, 10, 100]);
      if (!(yield* episode.send({ fen, remark, plain: true, ends: 'returned' }))) return;
      yield episode.minutes(3, 10);
    }
    for (let round = 0; round < episode.chance.between(1, 4); round += 1) {
      if (!(yield* typeCode(episode, episode.chance.pick([4, 5, 5, 6])))) return;
      yield episode.minutes(3, 15);
    }
    if (episode.chance.happens(0.4)) yield* lend(episode);
    episode.hangUp();
  },
};

/** The purchase that the caller will know about: an honest payment of some days before. */
function* order({ world, victim, chance }: Episode): Process {
  const payee = world.town.online(chance);
  const fen = 100 * chance.between(20, 300);
  const ref = world.nextName('o');
  world.emit('merchant.ordered', 'shops', victim, {
    amount: yuan(fen),
    merchant: { accountId: payee.accountId },
    orderRef: ref,
  });
  const paid = { payee, fen, mode: 'order', order: { ref, fen, kind: 'purchase' } } as const;
  yield* pay(world, victim, { ...paid, script: 'life:order' });
}

/** Where the code stands: mostly on a page that nobody watches; sometimes it is a real one that a service was made to send. */
function* typeCode(episode: Episode, digits: number): Process<boolean> {
  const { chance } = episode;
  const shown = chance.weighted([
    ['unseen', 55],
    ['sms', 20],
    ['issued', 15],
    ['page', 10],
  ] as const);
  const code = codeOf(episode, digits);
  if (shown === 'sms' ? episode.victim.reports.sms : shown !== 'unseen') {
    episode.observeCode(shown === 'unseen' ? 'page' : shown, code);
  }
  yield episode.minutes(0.5, 4);
  const asFen = episode.has('code-as-fen') && code.length > 2;
  const raw = asFen ? `${code.slice(0, -2)}.${code.slice(-2)}` : code;
  const fen = asFen ? Number(code) : 100 * Number(code);
  if (fen < 100) return true;
  const fromSavings = episode.victim.ledger.savings >= fen;
  const remark = chance.pick(['亚马逊退款', '退款', '商品退款', '退款验证', '系统双向转账']);
  return yield* episode.send({ fen, raw, remark, ...(fromSavings ? { pocket: 'savings' } : {}) });
}

/** Uniform digits, or what the caller picks: within the victim's means, sometimes with a zero in front to look less like money. */
function codeOf(episode: Episode, digits: number): string {
  const { chance } = episode;
  if (episode.has('round-code')) return `${chance.between(1, 9)}000`;
  const uniform = chance.digits(digits);
  if (100 * Number(uniform) <= episode.means() && chance.happens(0.5)) return uniform;
  const yuanMost = Math.max(1_000, Math.floor(Math.min(episode.means() / 100, 9_999)));
  const amount = chance.between(Math.floor(yuanMost / 2), yuanMost).toString();
  return chance.happens(0.35) ? `0${amount}` : amount;
}

function* lend(episode: Episode): Process {
  const [first, second] = [LENDERS[0], episode.chance.pick(LENDERS.slice(1))];
  for (const product of [first, second]) {
    if (product === undefined) return;
    const fen = yield* episode.borrow(product);
    if (fen === 0) continue;
    const sent = yield* episode.send({ fen, pocket: episode.pocketWith(fen), loanFirst: true });
    if (!sent) return;
    yield episode.minutes(4, 20);
  }
}
