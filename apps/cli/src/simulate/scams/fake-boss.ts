/**
 * The boss in a group chat needs money sent now. Sources: 海门 (470,000 in three transfers), 温州 2025 (390,000 "received", 120,000 and 350,000 asked;
 * gmw.cn 2025-04-10), 梅县 (980,000 as 500,000 and 480,000 within minutes). Office hours, no call: "I am in a meeting".
 */
import { isWeekend, localDay, localHour } from '../calendar.ts';
import type { Script } from './script.ts';

export const fakeBoss: Script = {
  title: 'fake boss',
  weight: 1.1,
  evasions: ['split', 'new-mule', 'test-first', 'no-remark', 'other-remark'],
  suits: (person) =>
    person.occupation === 'employee' || person.occupation === 'shopkeeper' ? 1 : 0,
  *run(episode) {
    const { chance, world } = episode;
    while (
      isWeekend(localDay(world.now)) ||
      localHour(world.now) < 9 ||
      localHour(world.now) > 17
    ) {
      yield episode.hours(1, 2);
    }
    if (chance.happens(0.5)) episode.signal('balance_viewed');
    yield episode.minutes(3, 20);
    const boss = chance.happens(0.5);
    for (let order = 0; order < chance.between(1, 3); order += 1) {
      const most = Math.max(episode.victim.ledger.bank, episode.victim.ledger.balance);
      const fen = episode.round(Math.min(most * 0.95, chance.logNormal(3_000_000, 0.8)));
      if (fen < 30_000) return;
      const remark = boss
        ? chance.pick(['货款', '保证金', '合同款'])
        : chance.pick(['借款', '代付']);
      const sent = yield* episode.send({ fen, ...(chance.happens(0.6) ? { remark } : {}) });
      if (!sent) return;
      yield episode.minutes(3, 50);
    }
  },
};
