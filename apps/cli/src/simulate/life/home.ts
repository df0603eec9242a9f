/** Living somewhere: rent, moving, bills, top-ups, schools, hospitals, taxes. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#domain';
import { DAYTIME, EVENING, timeOfDay, type MonthDay } from '../calendar.ts';
import type { Person } from '../person.ts';
import { pay, redeem } from '../paying.ts';
import { endCall, startCall } from '../phone.ts';
import type { Process } from '../schedule.ts';
import type { World } from '../world.ts';
import { isAdult, price, roundly, type Activity } from './activity.ts';

export function* payRent(world: World, person: Person): Process {
  const { rent, chance } = person;
  if (rent === undefined) return;
  yield* pay(world, person, {
    payee: rent.landlord,
    fen: rent.fen,
    script: 'life:rent',
    ...(chance.happens(0.5) ? { remark: chance.pick(['房租', '租金', '三月房租']) } : {}),
  });
}

/** The rents and bills of a day of the month, each at its own time. */
export function startMonthly(world: World, person: Person, day: number, date: MonthDay): void {
  const { chance, schedule } = { chance: person.chance, schedule: world.schedule };
  if (person.rent !== undefined && date.day === Math.min(person.rent.day, date.daysInMonth)) {
    schedule.start(timeOfDay(day, EVENING, chance), payRent(world, person));
  }
  for (const [index, payee] of person.bills.entries()) {
    if (date.day !== 3 + ((index * 5 + person.payday) % 25)) continue;
    schedule.start(timeOfDay(day, EVENING, chance), payBill(world, person, payee));
  }
}

function* payBill(world: World, person: Person, payee: Person['bills'][number]): Process {
  const { chance } = person;
  const topsUp = payee.accountId.includes('telecom');
  const fen = topsUp
    ? chance.pick([3_000, 5_000, 5_000, 10_000, 20_000])
    : price(chance.logNormal(11_000, 0.6), chance.next());
  yield* pay(world, person, {
    payee,
    fen,
    script: topsUp ? 'life:top-up' : 'life:bill',
    mode: 'order',
    order: { ref: world.nextName('b'), fen, kind: 'bill' },
  });
}

/** Deposit and three months (押一付三) to a landlord or an agent met this week, often with the caller's number not yet saved. */
const newLandlord: Activity = {
  name: 'new-landlord',
  lookalike: true,
  hours: DAYTIME,
  perDay: (person) => (person.rent === undefined ? 0.0002 : 0.0013),
  *run(world, person) {
    const { chance } = person;
    const landlord = world.town.stranger(chance);
    const fen = 10_000 * Math.max(5, Math.round((person.monthlyIncome * 0.28) / 10_000));
    const contract = chance.happens(0.5);
    const payment = {
      payee: landlord,
      script: 'lookalike:new-landlord',
      ...(chance.happens(0.6) ? { remark: chance.pick(['押金', '房租押金', '定金', '租房']) } : {}),
      ...(contract ? { order: { ref: world.nextName('k'), kind: 'contract' } as const } : {}),
    };
    const onThePhone = chance.happens(0.3);
    const call = onThePhone
      ? startCall(world, person, chance.happens(0.8) ? 'unsaved' : 'saved')
      : undefined;
    yield* pay(world, person, { ...payment, fen: roundly(fen / 4) });
    endCall(world, person, call);
    yield Math.round(chance.real(2, 40) * HOUR_MS);
    const total = fen * (chance.happens(0.6) ? 4 : 2);
    if (person.ledger.bank < total) redeem(world, person, total);
    yield chance.between(1, 10) * MINUTE_MS;
    const result = yield* pay(world, person, { ...payment, fen: total });
    if (result === 'settled') person.rent = { landlord, fen, day: chance.between(1, 28) };
  },
};

const institutionPayment = (
  word: 'hospital' | 'school' | 'tax' | 'charity',
  perDay: number,
  median: number,
): Activity => ({
  name: word,
  hours: DAYTIME,
  perDay: (person) => (isAdult(person) ? perDay : 0),
  *run(world, person) {
    const { chance } = person;
    const payee = world.town.institution(word, chance.between(0, 9));
    const fen = price(chance.logNormal(median, 0.9), chance.next());
    const bill = word !== 'charity';
    yield* pay(world, person, {
      payee,
      fen: bill ? fen : roundly(fen),
      script: `life:${word}`,
      ...(bill ? { mode: 'order', order: { ref: world.nextName('b'), fen, kind: 'bill' } } : {}),
    });
  },
});

/** Earnest money to a developer, out of most of the savings. */
const houseDeposit: Activity = {
  name: 'house-deposit',
  lookalike: true,
  hours: DAYTIME,
  perDay: (person) => (person.ageBand === '30-44' ? 0.0003 : 0.00008),
  *run(world, person) {
    const { chance, ledger } = person;
    if (ledger.savings + ledger.balance < 1_000_000) return;
    redeem(world, person, ledger.savings);
    yield Math.round(chance.real(0.05, 2) * HOUR_MS);
    const fen = roundly(Math.min(ledger.balance * 0.95, chance.pick([2_000_000, 5_000_000])));
    yield* pay(world, person, {
      payee: world.town.institution('developer', chance.between(0, 5)),
      fen,
      script: 'lookalike:house-deposit',
      remark: '购房定金',
      pocket: 'balance',
      order: { ref: world.nextName('k'), fen, kind: 'contract' },
    });
  },
};

/** Stages of a renovation to one decorator: some thousands, again and again over days. */
const decorator: Activity = {
  name: 'decorator',
  lookalike: true,
  hours: DAYTIME,
  perDay: (person) => (isAdult(person) ? 0.0005 : 0),
  *run(world, person) {
    const { chance, ledger } = person;
    const payee = world.town.stranger(chance);
    const contract = chance.happens(0.6);
    for (let stage = 0; stage < chance.between(1, 4); stage += 1) {
      const fen = roundly(Math.min(chance.logNormal(900_000, 0.6), ledger.bank * 0.7));
      if (fen < 100_000) return;
      const onThePhone = chance.happens(0.25);
      const call = onThePhone
        ? startCall(world, person, stage > 0 && chance.happens(0.7) ? 'saved' : 'unsaved')
        : undefined;
      const result = yield* pay(world, person, {
        payee,
        fen,
        script: 'lookalike:decorator',
        ...(contract ? { order: { ref: world.nextName('k'), kind: 'contract' } } : {}),
        ...(chance.happens(0.5) ? { remark: chance.pick(['装修款', '材料费', '定金']) } : {}),
      });
      endCall(world, person, call);
      if (result !== 'settled') return;
      yield Math.round(chance.real(0.4, 8) * DAY_MS);
    }
  },
};

export const HOME_LIFE: readonly Activity[] = [
  newLandlord,
  houseDeposit,
  decorator,
  institutionPayment('hospital', 0.006, 42_000),
  institutionPayment('school', 0.004, 90_000),
  institutionPayment('tax', 0.001, 120_000),
  institutionPayment('charity', 0.003, 3_000),
];
