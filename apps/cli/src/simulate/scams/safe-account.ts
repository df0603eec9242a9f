/**
 * "Police": the money must be checked in a safe account. Sources: 国家反诈中心 case of 李女士, Xiamen (50 days of daily reports, screen
 * shared, first onto her own card, 350,000 yuan; bbs.tatans.cn/topic/35866); 扬州广陵 (26 and 44 ten-thousands in a day; digipub KJ0N1C35);
 * 大连公安 (new phone, video call, loans for a "guarantee").
 */
import { LENDERS } from '../town.ts';
import type { Script } from './script.ts';

export const safeAccount: Script = {
  title: 'police: safe account',
  weight: 1.2,
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
  suits: (person) =>
    person.ageBand === 'under18'
      ? 0
      : person.ageBand === '60plus' || person.ageBand === '45-59'
        ? 2
        : 1,
  *run(episode) {
    const { chance, victim } = episode;
    episode.ring();
    yield episode.minutes(20, 90);
    const shares = chance.happens(0.45);
    if (shares) episode.shareScreen();
    if (chance.happens(0.2)) episode.signal('new_device');
    const rounds = chance.between(1, 4);
    for (let round = 0; round < rounds; round += 1) {
      if (victim.ledger.savings > 50_000) yield* episode.emptySavings();
      const { balance, bank } = victim.ledger;
      const pocket = bank > balance ? 'bank' : 'balance';
      const most = Math.max(bank, balance);
      if (most < 50_000) break;
      const fen = chance.happens(0.4) ? most : episode.round(most * chance.real(0.5, 0.95));
      const remark = chance.pick(['资金核查', '保证金', '安全账户', '清查']);
      if (!(yield* episode.send({ fen, pocket, ...(chance.happens(0.3) ? { remark } : {}) })))
        return;
      if (round < rounds - 1 && chance.happens(0.5)) {
        episode.hangUp();
        yield episode.hours(3, 30);
        episode.ring();
        yield episode.minutes(10, 40);
      }
    }
    if (chance.happens(0.35)) {
      const fen = yield* episode.borrow(chance.pick(LENDERS));
      if (fen > 0) yield* episode.send({ fen, pocket: episode.pocketWith(fen), loanFirst: true });
    }
    if (shares) episode.stopSharing();
    episode.hangUp();
  },
};
