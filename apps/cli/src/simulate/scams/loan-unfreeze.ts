/**
 * A loan that is "frozen" because of a wrong card number: guarantee, unfreezing, turnover. Sources: 韶关南雄 王女士 (50,000 applied, 5 %
 * guarantee 2,500, then unfreezing; 50,000 lost; simu001.cn/x217246), fees of 2,000 to 15,000 (ganhairen.com/post/15207). By chat, not by phone.
 */
import { adultsOnly, type Script } from './script.ts';

export const loanUnfreeze: Script = {
  title: 'fake loan: guarantee and unfreezing',
  weight: 1.5,
  evasions: ['split', 'new-mule', 'test-first', 'delay', 'next-day', 'no-remark', 'other-remark'],
  suits: (person) =>
    person.ledger.savings < 2_000_000 ? adultsOnly(person) * 2 : adultsOnly(person),
  *run(episode) {
    const { chance } = episode;
    const applied = 1_000_000 * chance.pick([2, 3, 5, 5, 8, 10]);
    const phoned = chance.happens(0.3);
    if (phoned) episode.ring();
    yield episode.minutes(5, 30);
    const fees = [
      [chance.pick([0.03, 0.05, 0.05, 0.1]), '保证金'],
      [chance.pick([0.1, 0.2, 0.3]), '解冻费'],
      [chance.pick([0.1, 0.2]), '流水'],
      [chance.pick([0.1, 0.3]), '验证还款能力'],
      [0.2, '税费'],
    ] as const;
    const count = chance.between(1, fees.length);
    for (const [share, word] of fees.slice(0, count)) {
      const fen =
        episode.round(applied * share) + (chance.happens(0.2) ? 100 * chance.between(1, 99) : 0);
      const sent = yield* episode.send({
        fen,
        ...(chance.happens(0.35) ? { remark: word } : {}),
      });
      if (!sent) break;
      if (chance.happens(0.5)) episode.changeMule();
      yield chance.happens(0.7) ? episode.minutes(10, 90) : episode.hours(3, 30);
    }
    if (phoned) episode.hangUp();
  },
};
