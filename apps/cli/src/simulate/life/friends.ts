/** Family and friends: support, split bills, red packets with lucky amounts, money lent, money collected. */
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain';
import { EVENING, SHOPPING } from '../calendar.ts';
import type { Contact, Payee, Person } from '../person.ts';
import { pay, type Payment } from '../paying.ts';
import { endCall, shareScreen, startCall, stopSharing } from '../phone.ts';
import { isAdult, price, roundly, type Activity } from './activity.ts';

const LUCKY: readonly number[] = [
  520, 888, 1_888, 6_600, 6_666, 8_800, 8_888, 9_900, 16_800, 18_800, 20_000, 52_000, 66_600,
  88_800, 131_400, 188_800,
];

function sending(contact: Contact, payment: Omit<Payment, 'payee' | 'declared'>): Payment {
  return { ...payment, payee: contact.payee, declared: contact.declared };
}

const support: Activity = {
  name: 'family',
  hours: EVENING,
  perDay: (person) => (person.family.length > 0 ? 0.09 * person.activity : 0),
  *run(world, person) {
    const { chance, family } = person;
    const contact = chance.pick(family);
    const fen = roundly(chance.logNormal(person.monthlyIncome * 0.07, 0.9));
    const onThePhone = chance.happens(0.2);
    const call = onThePhone ? startCall(world, person, 'saved') : undefined;
    yield* pay(
      world,
      person,
      sending(contact, {
        fen,
        script: 'life:family',
        ...(chance.happens(0.25)
          ? { remark: chance.pick(['生活费', '给妈妈', '零花钱', '学费']) }
          : {}),
      }),
    );
    endCall(world, person, call);
  },
};

const splitBill: Activity = {
  name: 'split-bill',
  hours: EVENING,
  perDay: (person) => (person.friends.length > 0 ? 0.22 * person.activity : 0),
  *run(world, person) {
    const { chance, friends } = person;
    const contact = chance.pick(friends);
    const bill = price(chance.logNormal(18_000, 0.8), chance.next());
    yield* pay(
      world,
      person,
      sending(contact, {
        fen: Math.max(100, Math.round(bill / chance.between(2, 6))),
        script: 'life:split-bill',
        ...(chance.happens(0.2)
          ? { remark: chance.pick(['AA', '饭钱', '昨天的', '电影票', '打车']) }
          : {}),
      }),
    );
  },
};

const redPacket: Activity = {
  name: 'red-packet',
  hours: EVENING,
  perDay: (person) => 0.09 * person.activity,
  *run(world, person) {
    const { chance } = person;
    const known = [...person.family, ...person.friends];
    if (known.length === 0) return;
    yield* pay(
      world,
      person,
      sending(chance.pick(known), {
        fen: chance.pick(LUCKY),
        script: 'life:red-packet',
        ...(chance.happens(0.4)
          ? { remark: chance.pick(['生日快乐', '恭喜发财', '新婚快乐', '520']) }
          : {}),
      }),
    );
  },
};

/** Somebody new at the table: a colleague, a team mate, the neighbour. */
const newFriend: Activity = {
  name: 'new-friend',
  hours: EVENING,
  perDay: (person) => 0.03 * person.activity,
  *run(world, person) {
    const { chance } = person;
    const other = chance.pick(world.people);
    if (other === person) return;
    yield* pay(world, person, {
      payee: other.wallet,
      fen: Math.max(100, price(chance.logNormal(4_500, 0.9), chance.next())),
      script: 'life:new-friend',
    });
    const isNew = !person.friends.some(({ payee }) => payee === other.wallet);
    if (isNew && person.friends.length < 40 && chance.happens(0.5)) {
      person.friends.push({ payee: other.wallet, declared: false });
    }
  },
};

/** A friend asks for a large sum; often a call comes first, from a number that is saved. */
const friendInNeed: Activity = {
  name: 'friend-in-need',
  lookalike: true,
  hours: EVENING,
  perDay: (person) => (isAdult(person) && person.friends.length > 0 ? 0.0025 : 0),
  *run(world, person) {
    const { chance, friends, ledger } = person;
    const contact = chance.pick(friends);
    const means = Math.max(ledger.balance, ledger.bank, ledger.savings);
    const fen = roundly(Math.min(chance.logNormal(400_000, 0.8), means * 0.8));
    const called = chance.happens(0.6);
    const call = called
      ? startCall(world, person, chance.happens(0.9) ? 'saved' : 'unsaved')
      : undefined;
    yield chance.between(2, 9) * MINUTE_MS;
    if (chance.happens(0.6)) endCall(world, person, call);
    yield* pay(
      world,
      person,
      sending(contact, {
        fen,
        script: 'lookalike:friend-in-need',
        ...(chance.happens(0.4) ? { remark: chance.pick(['借款', '借你的', '周转']) } : {}),
      }),
    );
    endCall(world, person, call);
  },
};

/** A daughter helps with a payment over the shared screen, the two of them on the phone. */
const familyShare: Activity = {
  name: 'family-screen-share',
  lookalike: true,
  hours: EVENING,
  perDay: (person) =>
    person.ageBand === '60plus' ? 0.006 : person.ageBand === '45-59' ? 0.0015 : 0.0003,
  *run(world, person) {
    const { chance } = person;
    const call = startCall(world, person, 'saved');
    yield chance.between(1, 4) * MINUTE_MS;
    shareScreen(world, person);
    yield chance.between(30, 120) * SECOND_MS;
    const payee: Payee = chance.happens(0.6)
      ? world.town.institution('hospital', chance.between(0, 9))
      : world.town.stranger(chance);
    yield* pay(world, person, {
      payee,
      fen: price(chance.logNormal(30_000, 0.8), chance.next()),
      script: 'lookalike:family-screen-share',
    });
    stopSharing(world, person);
    yield chance.between(10, 90) * SECOND_MS;
    endCall(world, person, call);
  },
};

/** One person collects an odd sum from many for a class trip or a group order, and pays it on the same evening. */
const collection: Activity = {
  name: 'collection',
  lookalike: true,
  hours: SHOPPING,
  perDay: (person) => (isAdult(person) ? 0.0008 : 0),
  *run(world, person) {
    const { chance } = person;
    const each = price(chance.logNormal(16_000, 0.6), chance.next());
    const count = chance.between(6, 35);
    for (let i = 0; i < count; i += 1) {
      const other = chance.pick(world.people);
      if (other === person) continue;
      const at = world.now + Math.round(chance.exponential(2 * HOUR_MS));
      world.schedule.start(at, contribute(world, other, person, each));
    }
    yield Math.round(chance.real(6, 10) * HOUR_MS);
    const total = Math.min(person.ledger.balance, each * count);
    if (total < 10_000) return;
    const payee = chance.happens(0.5) ? world.town.shop(chance) : world.town.stranger(chance);
    yield* pay(world, person, {
      payee,
      fen: total,
      script: 'lookalike:collect-and-pay',
      pocket: 'balance',
      ...(chance.happens(0.4) ? { remark: chance.pick(['团费', '班费', '团购']) } : {}),
    });
  },
};

function* contribute(
  world: Parameters<Activity['run']>[0],
  person: Person,
  collector: Person,
  fen: number,
): ReturnType<Activity['run']> {
  yield* pay(world, person, {
    payee: collector.wallet,
    fen,
    script: 'lookalike:collection',
    ...(person.chance.happens(0.3) ? { remark: person.chance.pick(['班费', '团购', '报名']) } : {}),
  });
}

export const FRIENDS_LIFE: readonly Activity[] = [
  support,
  splitBill,
  redPacket,
  newFriend,
  friendInNeed,
  familyShare,
  collection,
];
