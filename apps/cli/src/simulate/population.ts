/** Who lives in the simulation: people with incomes, cards, friends and habits, and the shops and institutions around them. */
import { DAY_MS, type Instant } from '#domain';
import type { Chance } from './chance.ts';
import { PaymentHistory } from './history.ts';
import { Ledger } from './ledger.ts';
import type { AgeBand, Contact, Occupation, Payee, Person, Reports } from './person.ts';
import type { Town } from './town.ts';

/** Users of a wallet by age, and what they do [A]. */
const PEOPLE: readonly (readonly [readonly [AgeBand, Occupation], number])[] = [
  [['under18', 'pupil'], 3],
  [['18-29', 'student'], 9],
  [['18-29', 'employee'], 19],
  [['18-29', 'trader'], 2],
  [['30-44', 'employee'], 29],
  [['30-44', 'trader'], 4],
  [['30-44', 'shopkeeper'], 2],
  [['45-59', 'employee'], 16],
  [['45-59', 'trader'], 3],
  [['45-59', 'shopkeeper'], 1],
  [['60plus', 'retired'], 12],
];

/** Median income a month in fen, and spread of its logarithm [A]. */
const INCOME: Readonly<Record<Occupation, readonly [number, number]>> = {
  pupil: [60_000, 0.4],
  student: [180_000, 0.35],
  employee: [680_000, 0.5],
  trader: [900_000, 0.7],
  shopkeeper: [1_100_000, 0.6],
  retired: [380_000, 0.4],
  mule: [300_000, 0.3],
};

/** How often people of an age pay with the phone, relative to the rest [A]. */
const AGE_ACTIVITY: Readonly<Record<AgeBand, number>> = {
  under18: 0.5,
  '18-29': 1.25,
  '30-44': 1.1,
  '45-59': 0.85,
  '60plus': 0.5,
};

/** Large payments of a year that are neither rent nor wages: their median in fen [A]. */
const LARGE_FEN = 300_000;
/** The larger ones among everyday payments. */
const EVERYDAY_FEN = 60_000;

/** A person with a past of one to nine years before `start`. Family and friends are given once everybody exists. */
export function makePerson(accountId: string, chance: Chance, town: Town, start: Instant): Person {
  const [ageBand, occupation] = chance.weighted(PEOPLE);
  const person = makePersonOf(accountId, chance, { ageBand, occupation }, start);
  giveHabits(person, town, start);
  return person;
}

/** A person without habits, contacts or a past. */
export function makePersonOf(
  accountId: string,
  chance: Chance,
  is: { readonly ageBand: AgeBand; readonly occupation: Occupation; readonly openedAt?: Instant },
  start: Instant,
): Person {
  const [median, sigma] = INCOME[is.occupation];
  const monthlyIncome = 100 * Math.round(chance.logNormal(median, sigma) / 100);
  const openedAt = is.openedAt ?? start - Math.round(chance.real(30, 3_200)) * DAY_MS;
  const person: Omit<Person, 'wallet'> = {
    ageBand: is.ageBand,
    occupation: is.occupation,
    accountId,
    chance,
    openedAt,
    monthlyIncome,
    payday: is.occupation === 'retired' ? 15 : chance.pick([5, 8, 10, 10, 15, 15, 20, 25, 28]),
    paidToWallet: chance.happens(0.25),
    activity: AGE_ACTIVITY[is.ageBand] * chance.logNormal(0.9, 0.45),
    deviceSkewMs: Math.round(Math.max(-6, Math.min(6, chance.normal() * 1.5)) * 1_000),
    reports: makeReports(chance),
    usualPocket: chance.weighted([
      ['balance', 45],
      ['bank', 35],
      ['savings', 20],
    ]),
    usesHuabei: chance.happens(is.ageBand === '18-29' ? 0.4 : 0.2),
    ledger: makeLedger(chance, monthlyIncome),
    history: new PaymentHistory(),
    creditLines: [],
    ownCards: ownCards(accountId, chance, openedAt),
    family: [],
    friends: [],
    shops: [],
    onlineShops: [],
    suppliers: [],
    bills: [],
    rent: undefined,
    deviceId: `${accountId}-d1`,
    session: undefined,
    call: undefined,
    inScam: false,
  };
  return Object.assign(person, { wallet: walletOf(person) });
}

function walletOf(person: Omit<Person, 'wallet'>): Payee {
  return {
    accountId: person.accountId,
    kind: 'wallet',
    ownership: 'other',
    openedAt: person.openedAt,
    displayName: '*某',
    receiver: person as Person,
  };
}

function makeReports(chance: Chance): Reports {
  return {
    sessionId: chance.happens(0.95),
    deviceId: chance.happens(0.9),
    role: chance.happens(0.85),
    amountInput: chance.happens(0.88),
    calls: chance.happens(0.65),
    screen: chance.happens(0.8),
    sms: chance.happens(0.45),
    payerMoney: chance.happens(0.92),
  };
}

function makeLedger(chance: Chance, monthlyIncome: number): Ledger {
  const ledger = new Ledger();
  ledger.receive('balance', Math.round(chance.logNormal(monthlyIncome * 0.15, 0.9)));
  ledger.receive('savings', Math.round(chance.logNormal(monthlyIncome, 1.2)));
  ledger.receive('bank', Math.round(chance.logNormal(monthlyIncome * 2.0, 1.1)));
  return ledger;
}

function ownCards(accountId: string, chance: Chance, openedAt: Instant): Payee[] {
  return Array.from({ length: chance.between(1, 3) }, (_, index) => ({
    accountId: `${accountId}-card${index + 1}`,
    kind: 'bank_card',
    ownership: 'own',
    openedAt,
    nameMatch: 'match',
  }));
}

function giveHabits(person: Person, town: Town, start: Instant): void {
  const { chance } = person;
  const knownShops = chance.between(5, 16);
  for (let i = 0; i < knownShops; i += 1) person.shops.push(town.shop(chance));
  for (let i = 0; i < chance.between(2, 7); i += 1) person.onlineShops.push(town.online(chance));
  for (const bill of town.billsOf(chance)) person.bills.push(bill);
  const isTrade = person.occupation === 'trader' || person.occupation === 'shopkeeper';
  if (isTrade) {
    for (let i = 0; i < chance.between(2, 6); i += 1) person.suppliers.push(town.stranger(chance));
  }
  const rents = { '18-29': 0.55, '30-44': 0.3, '45-59': 0.12, under18: 0, '60plus': 0.03 };
  if (chance.happens(rents[person.ageBand]) && person.occupation !== 'student') {
    const fen = 10_000 * Math.max(5, Math.round((person.monthlyIncome * 0.28) / 10_000));
    person.rent = { landlord: town.stranger(chance), fen, day: chance.between(1, 28) };
  }
  rememberPast(person, start);
}

/** Payments before the stream, so that on its first day people already know their shops. */
function rememberPast(person: Person, start: Instant): void {
  const { chance, history } = person;
  const days = (start - person.openedAt) / DAY_MS;
  const remember = (payee: Payee, perDay: number): void => {
    const count = chance.poisson(Math.min(200, days * perDay));
    if (count > 0) history.remember(payee.accountId, count, earlier(chance, person, start));
  };
  for (const payee of person.shops) remember(payee, 0.12 * person.activity);
  for (const payee of person.onlineShops) remember(payee, 0.03);
  for (const payee of person.bills) remember(payee, 1 / 30);
  for (const payee of person.suppliers) remember(payee, 0.05);
  for (const payee of person.ownCards) remember(payee, 0.01);
  const amounts: number[] = [];
  if (person.rent !== undefined) {
    const months = Math.min(12, Math.floor(chance.real(0, days / 30)));
    const { landlord, fen } = person.rent;
    if (months > 0) history.remember(landlord.accountId, months, start - months * 30 * DAY_MS);
    for (let i = 0; i < months; i += 1) amounts.push(fen);
  }
  const share = Math.min(1, days / 365);
  const large = chance.poisson(9 * share);
  for (let i = 0; i < large; i += 1) {
    amounts.push(100 * Math.round(chance.logNormal(LARGE_FEN, 0.9) / 100));
  }
  // The larger ones among the everyday payments fill the top where life was cheap.
  const everyday = Math.round(24 * share);
  for (let i = 0; i < everyday; i += 1) {
    amounts.push(100 * Math.round(chance.logNormal(EVERYDAY_FEN * person.activity, 0.6) / 100));
  }
  history.rememberAmounts(Math.round(1_000 * share * person.activity), amounts);
}

function earlier(chance: Chance, person: Person, start: Instant): Instant {
  const days = Math.floor((start - person.openedAt) / DAY_MS);
  return start - chance.between(Math.min(2, days), days) * DAY_MS;
}

/** Family and friends among the people, known from before. */
export function giveContacts(person: Person, people: readonly Person[], start: Instant): void {
  const { chance } = person;
  const relatives = chance.between(1, 4);
  const friends = Math.round(chance.logNormal(9, 0.5));
  const known = new Set([person.accountId]);
  const meet = (list: Contact[], declared: number, perDay: number): void => {
    const other = chance.pick(people);
    if (known.has(other.accountId)) return;
    known.add(other.accountId);
    list.push({ payee: other.wallet, declared: chance.happens(declared) });
    const days = (start - Math.max(person.openedAt, other.openedAt)) / DAY_MS;
    const count = chance.poisson(Math.min(150, days * perDay));
    if (count === 0) return;
    const firstAt = start - chance.between(1, Math.max(1, Math.floor(days))) * DAY_MS;
    person.history.remember(other.accountId, count, firstAt);
  };
  for (let i = 0; i < relatives; i += 1) meet(person.family, 0.75, 0.05);
  for (let i = 0; i < friends; i += 1) meet(person.friends, 0.05, 0.02);
}
