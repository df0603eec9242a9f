/** Income and where it is kept: wages, pensions, takings, allowances, savings, own cards. */
import { MINUTE_MS } from '#domain';
import { DAYTIME, EVENING, timeOfDay, type MonthDay } from '../calendar.ts';
import { repay } from '../borrowing.ts';
import type { Person } from '../person.ts';
import { pay, redeem } from '../paying.ts';
import { useApp } from '../phone.ts';
import type { Process } from '../schedule.ts';
import type { World } from '../world.ts';
import { isTrade, roundly, type Activity } from './activity.ts';

/** Wages on their day, the monthly instalments on the 10th and the 20th. */
export function startIncome(world: World, person: Person, day: number, date: MonthDay): void {
  const { chance } = person;
  if (!isTrade(person) && date.day === Math.min(person.payday, date.daysInMonth)) {
    world.schedule.start(timeOfDay(day, DAYTIME, chance), payday(world, person));
  }
  if (date.day !== 10 && date.day !== 20) return;
  for (const line of person.creditLines) {
    if (line.used === 0) continue;
    world.schedule.start(timeOfDay(day, DAYTIME, chance), instalment(world, person, line));
  }
}

function* payday(world: World, person: Person): Process {
  const { chance, ledger, monthlyIncome } = person;
  const fen = Math.round(monthlyIncome * chance.real(0.92, 1.12));
  if (person.paidToWallet) {
    const employer = world.town.institution('employer', chance.between(0, 99));
    world.receive(person, fen, employer);
  } else {
    ledger.receive('bank', fen);
  }
  yield chance.between(5, 600) * MINUTE_MS;
  // Most keep a part where they spend it and put the rest where it earns.
  const spare = Math.floor(Math.min(ledger.balance, fen * chance.real(0.1, 0.7)));
  if (person.paidToWallet && chance.happens(0.6)) ledger.move('balance', 'savings', spare);
  if (!person.paidToWallet && chance.happens(0.6)) {
    const toWallet = Math.floor(Math.min(ledger.bank, fen * chance.real(0.2, 0.6)));
    ledger.move('bank', person.usualPocket === 'savings' ? 'savings' : 'balance', toWallet);
  }
}

function* instalment(world: World, person: Person, line: Person['creditLines'][number]): Process {
  const fen = Math.max(10_000, Math.round(line.used / person.chance.pick([3, 6, 12])));
  repay(world, person, line, fen);
  yield 0;
}

/** Customers who pay a trader: outside the stream, several a day added up. */
const takings: Activity = {
  name: 'takings',
  hours: EVENING,
  perDay: (person) => (isTrade(person) ? 1.2 : 0),
  *run(world, person) {
    const { chance } = person;
    const fen = Math.round(chance.logNormal(person.monthlyIncome / 36, 0.6));
    world.receive(person, fen, {
      accountId: world.nextName('y'),
      kind: 'wallet',
      ownership: 'other',
    });
    if (person.ledger.balance > person.monthlyIncome) {
      person.ledger.move('balance', chance.pick(['savings', 'bank']), Math.round(fen / 2));
    }
    yield 0;
  },
};

/** Out of the wallet onto the own card. */
const toOwnCard: Activity = {
  name: 'own-card',
  hours: EVENING,
  perDay: (person) => 0.03 * person.activity,
  *run(world, person) {
    const { chance, ledger } = person;
    const fen = roundly(ledger.balance * chance.real(0.3, 0.98));
    if (fen < 10_000 || fen > ledger.balance) return;
    yield* pay(world, person, {
      payee: chance.pick(person.ownCards),
      fen,
      script: 'life:own-card',
      pocket: 'balance',
    });
  },
};

/** The wallet is filled up from savings or the card before it is empty. */
const topUpWallet: Activity = {
  name: 'fill-wallet',
  hours: EVENING,
  perDay: () => 0.25,
  *run(world, person) {
    const { chance, ledger } = person;
    if (ledger.balance > person.monthlyIncome * 0.1) return;
    const wanted = roundly(person.monthlyIncome * chance.real(0.05, 0.3));
    if (chance.happens(0.5) && ledger.savings > wanted) redeem(world, person, wanted);
    else ledger.move('bank', 'balance', Math.min(ledger.bank, wanted));
    yield 0;
  },
};

/** Savings grow back from the bank, and a card is bound to the wallet now and then. */
const saving: Activity = {
  name: 'saving',
  hours: EVENING,
  perDay: () => 0.06,
  *run(world, person) {
    const { chance, ledger } = person;
    if (chance.happens(0.05)) {
      useApp(world, person);
      if (chance.happens(0.15)) world.signal(person, 'card_bind_failed');
      else
        world.signal(person, 'card_bound', { accountId: chance.pick(person.ownCards).accountId });
    }
    ledger.move('bank', 'savings', Math.floor(ledger.bank * chance.real(0, 0.2)));
    yield 0;
  },
};

export const MONEY_LIFE: readonly Activity[] = [takings, toOwnCard, topUpWallet, saving];
