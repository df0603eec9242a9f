/**
 * "Your membership will cost 800 a month": a meeting app shows the screen, then the phone is worked from afar. Sources: 资兴公安 郭女士
 * (云会通, screen went black, cards and wallets emptied, 80,000; zixingxinwen 2025-07-24), 常熟 (codes read off the shared screen, 92,500), 菏泽 李女士
 * (299,800). Amounts are pasted or typed by another hand; bank codes arrive just before.
 */
import { SECOND_MS } from '#domain';
import { LENDERS } from '../town.ts';
import { adultsOnly, type Script } from './script.ts';

export const screenTakeover: Script = {
  title: 'screen shared, phone taken over',
  weight: 1.3,
  evasions: ['split', 'new-mule', 'via-own-card', 'hang-up', 'no-remark', 'other-remark'],
  suits: (person) => (person.ageBand === '60plus' ? 2 : adultsOnly(person)),
  *run(episode) {
    const { chance, victim } = episode;
    episode.ring();
    yield episode.minutes(8, 30);
    episode.shareScreen();
    yield episode.minutes(2, 8);
    const remote = chance.happens(0.4);
    if (remote && victim.reports.screen) episode.signal('remote_control');
    if (chance.happens(0.3)) episode.observeCode('issued', chance.digits(6));
    yield chance.between(20, 60) * SECOND_MS;
    yield* episode.emptySavings();
    const mode = remote ? 'pasted' : 'typed';
    for (const pocket of ['balance', 'bank'] as const) {
      const fen = victim.ledger.in(pocket);
      if (fen < 20_000) continue;
      if (chance.happens(0.4)) episode.observeCode('issued', chance.digits(6));
      const part = chance.happens(0.5) ? fen : episode.round(fen * 0.97);
      if (!(yield* episode.send({ fen: part, pocket, mode }))) break;
      yield episode.minutes(1, 6);
    }
    if (chance.happens(0.4)) {
      const fen = yield* episode.borrow(chance.pick(LENDERS));
      const pocket = episode.pocketWith(fen);
      if (fen > 0) yield* episode.send({ fen, pocket, mode, loanFirst: true });
    }
    episode.stopSharing();
    episode.hangUp();
  },
};
