/** A person's days: each morning the day is planned, which keeps memory at one day of plans whatever the length of the run. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#domain';
import { localDay, monthDay, startOfDay, timeOfDay } from '../calendar.ts';
import type { Person } from '../person.ts';
import type { Process } from '../schedule.ts';
import type { World } from '../world.ts';
import type { Activity } from './activity.ts';
import { FRIENDS_LIFE } from './friends.ts';
import { HOME_LIFE, startMonthly } from './home.ts';
import { LOANS_LIFE } from './loans.ts';
import { MONEY_LIFE, startIncome } from './money.ts';
import { PHONE_LIFE } from './phone-life.ts';
import { SHOPPING_LIFE } from './shopping.ts';
import { STRANGERS_LIFE } from './strangers.ts';
import { TRADE_LIFE } from './trade.ts';

export const ACTIVITIES: readonly Activity[] = [
  ...SHOPPING_LIFE,
  ...HOME_LIFE,
  ...FRIENDS_LIFE,
  ...STRANGERS_LIFE,
  ...MONEY_LIFE,
  ...LOANS_LIFE,
  ...TRADE_LIFE,
  ...PHONE_LIFE,
];

/** Where a platform has a profile, it comes with the first day, and changes now and then. */
const PROFILED = 0.8;

/** Lives until the simulation ends. */
export function* live(world: World, person: Person): Process {
  const { chance } = person;
  // Not everybody is planned in the same instant: the plans would fill memory at once.
  const wakes = 3 * HOUR_MS + chance.between(0, 60) * MINUTE_MS;
  introduce(world, person);
  for (let day = localDay(world.now); ; day += 1) {
    plan(world, person, day);
    yield startOfDay(day + 1) + (wakes % DAY_MS) - world.now;
    if (chance.happens(0.0005)) introduce(world, person);
  }
}

function introduce(world: World, person: Person): void {
  const { chance, ageBand, accountId } = person;
  if (!chance.happens(PROFILED)) return;
  world.emit('payer.updated', 'profiles', person, {
    locale: chance.happens(0.97) ? 'zh-CN' : 'en',
    contactRefs: { sms: `${accountId}-sms`, push: `${accountId}-push` },
    ...(chance.happens(0.9) ? { ageBand } : {}),
    ...(chance.happens(0.04) ? { trustedContactRef: `${accountId}-trusted` } : {}),
    ...(ageBand === '60plus' && chance.happens(0.06) ? { vulnerable: true } : {}),
  });
}

function plan(world: World, person: Person, day: number): void {
  const { chance } = person;
  const date = monthDay(day);
  startIncome(world, person, day, date);
  startMonthly(world, person, day, date);
  for (const activity of ACTIVITIES) {
    const mean = activity.perDay(person);
    if (mean === 0) continue;
    const count = mean < 0.05 ? Number(chance.happens(mean)) : chance.poisson(mean);
    for (let i = 0; i < count; i += 1) {
      // Plans made at three in the morning are for the 24 hours from then.
      const at = timeOfDay(day, activity.hours, chance);
      const later = at < world.now ? at + DAY_MS : at;
      world.schedule.start(later, activity.run(world, person));
    }
  }
}
