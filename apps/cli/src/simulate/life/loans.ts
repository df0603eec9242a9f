/** Honest borrowing of every kind that DETECTION §4 lists, at rates of life: most of it ends on the own card. */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain';
import { borrow, repay, type Loan } from '../borrowing.ts';
import { DAYTIME, EVENING } from '../calendar.ts';
import type { Person } from '../person.ts';
import { pay, type Payment } from '../paying.ts';
import { endCall, startCall } from '../phone.ts';
import type { Process } from '../schedule.ts';
import { LENDERS } from '../town.ts';
import type { World } from '../world.ts';
import { isAdult, isTrade, roundly, type Activity } from './activity.ts';

/** Draws of everybody together: about one in a hundred payers a month first-time, more among those who borrow anyway. */
function rate(person: Person, each: number): number {
  if (!isAdult(person)) return 0;
  return person.creditLines.some(({ drawn }) => drawn) ? each * 3 : each * 0.4;
}

function* honestLoan(world: World, person: Person, loan: Omit<Loan, 'label'>): Process<number> {
  return yield* borrow(world, person, { ...loan, label: 'legit' });
}

/** Waits for what the money was borrowed for: usually at once, sometimes a night. */
function pause(person: Person): number {
  const { chance } = person;
  return chance.happens(0.6)
    ? Math.round(chance.real(1, 25) * MINUTE_MS)
    : Math.round(chance.exponential(12 * HOUR_MS));
}

const toOwnCard: Activity = {
  name: 'own-card-loan',
  lookalike: true,
  hours: EVENING,
  perDay: (person) => rate(person, 0.0012),
  *run(world, person) {
    const { chance } = person;
    const script = 'lookalike:own-card-loan';
    const straight = chance.happens(0.55);
    const fen = chance.happens(0.2) ? undefined : roundly(chance.logNormal(500_000, 0.7));
    const got = yield* honestLoan(world, person, {
      ...(fen === undefined ? {} : { fen }),
      to: straight ? 'own_card' : 'balance',
      script,
    });
    if (got === 0 || straight) return;
    yield pause(person);
    yield* pay(world, person, {
      payee: chance.pick(person.ownCards),
      fen: Math.min(got, person.ledger.balance),
      script,
      pocket: 'balance',
      loanFirst: true,
    });
  },
};

/** Borrows what is missing and pays one bill or person with it. */
function spending(
  name: string,
  each: number,
  median: number,
  payment: (world: World, person: Person, fen: number) => Omit<Payment, 'fen' | 'script'>,
): Activity {
  return {
    name,
    lookalike: true,
    hours: DAYTIME,
    perDay: (person) => rate(person, each),
    *run(world, person) {
      const { chance } = person;
      const fen = roundly(chance.logNormal(median, 0.6));
      const got = yield* honestLoan(world, person, {
        fen: chance.happens(0.5) ? fen : roundly(fen * 0.7),
        to: 'balance',
        script: `lookalike:${name}`,
      });
      if (got === 0) return;
      yield pause(person);
      yield* pay(world, person, {
        ...payment(world, person, fen),
        fen: Math.min(fen, person.ledger.balance),
        script: `lookalike:${name}`,
        pocket: 'balance',
        loanFirst: true,
      });
    },
  };
}

const bill = (world: World, fen: number): Pick<Payment, 'order' | 'mode'> => ({
  mode: 'order',
  order: { ref: world.nextName('b'), fen, kind: 'bill' },
});

const tuition = spending('tuition-loan', 0.0002, 800_000, (world, person, fen) => ({
  payee: world.town.institution('school', person.chance.between(0, 9)),
  ...bill(world, fen),
}));

const hospital = spending('hospital-loan', 0.00015, 700_000, (world, person, fen) => ({
  payee: world.town.institution('hospital', person.chance.between(0, 9)),
  ...bill(world, fen),
}));

const friendLoan = spending('loan-for-friend', 0.00012, 500_000, (_world, person) => {
  const contact = person.friends.length > 0 ? person.chance.pick(person.friends) : undefined;
  return {
    payee: contact?.payee ?? person.chance.pick(person.ownCards),
    declared: contact?.declared === true,
  };
});

const phoneShop = spending('loan-for-purchase', 0.0004, 550_000, (world, person, fen) => ({
  payee: world.town.online(person.chance),
  mode: 'order',
  order: { ref: world.nextName('o'), fen, kind: 'purchase' },
}));

/** Next month's rent out of a loan, to the landlord of years. */
const rentLoan = spending('loan-for-known-rent', 0.0001, 250_000, (_world, person) => ({
  payee: person.rent?.landlord ?? person.chance.pick(person.ownCards),
}));

/** The hardest honest case: borrowed, and sent at once to a landlord who is a stranger. */
const newLandlordLoan: Activity = {
  name: 'new-landlord-loan',
  lookalike: true,
  hours: DAYTIME,
  perDay: (person) => (person.rent === undefined ? 0 : rate(person, 0.00012)),
  *run(world, person) {
    const { chance } = person;
    const fen = 4 * 10_000 * Math.max(5, Math.round((person.monthlyIncome * 0.25) / 10_000));
    const script = 'lookalike:new-landlord-loan';
    const onThePhone = chance.happens(0.25);
    const got = yield* honestLoan(world, person, { fen, to: 'balance', script });
    if (got === 0) return;
    yield pause(person);
    const call = onThePhone ? startCall(world, person, 'unsaved') : undefined;
    yield chance.between(20, 200) * SECOND_MS;
    yield* pay(world, person, {
      payee: world.town.stranger(chance),
      fen: Math.min(fen, person.ledger.balance),
      script,
      pocket: 'balance',
      loanFirst: true,
      ...(chance.happens(0.5)
        ? { order: { ref: world.nextName('k'), kind: 'contract' } }
        : { remark: '房租押金' }),
    });
    endCall(world, person, call);
  },
};

/** One lender repaid with another's money, to the lender's verified account. */
const refinance: Activity = {
  name: 'refinance',
  lookalike: true,
  hours: EVENING,
  perDay: (person) => rate(person, 0.0004),
  *run(world, person) {
    const { chance } = person;
    const script = 'lookalike:refinance';
    const got = yield* honestLoan(world, person, { to: 'balance', script });
    if (got === 0) return;
    yield pause(person);
    const fen = Math.min(got, person.ledger.balance);
    yield* pay(world, person, {
      payee: world.town.lenderAccount(chance.pick(LENDERS)),
      fen,
      script,
      pocket: 'balance',
      loanFirst: true,
      order: { ref: world.nextName('r'), fen, kind: 'repayment' },
    });
  },
};

/** A trader's habit: borrows, pays a supplier within the hour, repays within the fortnight. */
const habitualTrader: Activity = {
  name: 'trader',
  lookalike: true,
  hours: DAYTIME,
  perDay: (person) => (isTrade(person) && person.creditLines.length > 0 ? 0.05 : 0),
  *run(world, person) {
    const { chance, suppliers } = person;
    const script = 'lookalike:trader';
    const fen = roundly(chance.logNormal(700_000, 0.5));
    const got = yield* honestLoan(world, person, { fen, to: 'balance', script });
    if (got === 0) return;
    yield Math.round(chance.real(2, 50) * MINUTE_MS);
    const known = suppliers.length > 0 && !chance.happens(0.12);
    const payee = known ? chance.pick(suppliers) : world.town.stranger(chance);
    if (!known && suppliers.length < 12) suppliers.push(payee);
    yield* pay(world, person, {
      payee,
      fen: Math.min(got, person.ledger.balance),
      script,
      pocket: 'balance',
      loanFirst: true,
      ...(chance.happens(0.4) ? { remark: chance.pick(['货款', '进货', '材料']) } : {}),
    });
    yield Math.round(chance.real(3, 14) * DAY_MS);
    const line = person.creditLines.find(({ used }) => used > 0);
    if (line !== undefined) repay(world, person, line, line.used);
  },
};

/** Looks at what could be borrowed, and leaves it. */
const looksOnly: Activity = {
  name: 'limit-viewed',
  hours: EVENING,
  perDay: (person) => (isAdult(person) ? 0.01 : 0),
  *run(world, person) {
    const product = person.chance.pick(LENDERS);
    world.emit('credit.limit-viewed', 'credit', person, {
      lender: product.lender,
      product: product.product,
    });
    yield 0;
  },
};

export const LOANS_LIFE: readonly Activity[] = [
  toOwnCard,
  tuition,
  hospital,
  friendLoan,
  phoneShop,
  rentLoan,
  newLandlordLoan,
  refinance,
  habitualTrader,
  looksOnly,
];
