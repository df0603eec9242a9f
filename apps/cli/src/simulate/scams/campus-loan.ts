/**
 * "Your student loan account must be cancelled": every limit drawn and sent to be "cleared". Sources: 厦门晚报 小张 (花呗/借呗 6,000, then
 * four lenders 85,000; sqwxw.com/news/41979), 深圳宝安 张某 (40,500 via the own card, then 320,000; ppfocus trdf4773c), 李芳 (four lenders in three
 * hours, 110,000), 平安产险 (two hours, 40,000).
 */
import { LENDERS } from '../town.ts';
import type { Script } from './script.ts';

export const campusLoan: Script = {
  title: 'cancel campus loan',
  weight: 1.6,
  evasions: [
    'split',
    'new-mule',
    'via-own-card',
    'delay',
    'next-day',
    'hang-up',
    'no-remark',
    'other-remark',
  ],
  suits: (person) => (person.ageBand === '18-29' ? 6 : person.ageBand === '30-44' ? 1 : 0),
  *run(episode) {
    const { chance } = episode;
    episode.ring();
    yield episode.minutes(10, 40);
    const shares = chance.happens(0.5);
    if (shares) episode.shareScreen();
    if (chance.happens(0.4)) episode.signal('credit_score_viewed');
    const lenders = [
      ...LENDERS.slice(0, 1),
      ...LENDERS.slice(1).filter(() => chance.happens(0.45)),
    ];
    for (const product of lenders) {
      const fen = yield* episode.borrow(product);
      if (fen === 0) continue;
      const remark = chance.pick(['清零', '注销', '对公清算', '征信']);
      const sent = yield* episode.send({
        fen,
        pocket: episode.pocketWith(fen),
        loanFirst: true,
        ...(chance.happens(0.2) ? { remark } : {}),
      });
      if (!sent) return;
      yield episode.minutes(5, 30);
      if (chance.happens(0.5)) episode.changeMule();
    }
    if (shares) episode.stopSharing();
    episode.hangUp();
  },
};
