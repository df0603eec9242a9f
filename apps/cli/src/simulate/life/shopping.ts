/** Shops: codes on counters, orders on the net and what comes back, big purchases out of savings. Four in five payments of a life. */
import { DAY_MS, HOUR_MS, SECOND_MS } from '#domain';
import { DAYTIME, EVENING, SHOPPING } from '../calendar.ts';
import { pay, redeem } from '../paying.ts';
import { lookAround, useApp } from '../phone.ts';
import { yuan } from '../world.ts';
import { isAdult, price, roundly, type Activity } from './activity.ts';

const NEW_SHOP = 0.145;
const NEW_ONLINE = 0.28;
const SENT_BACK = 0.07;

const counter: Activity = {
  name: 'shop',
  hours: SHOPPING,
  perDay: (person) => 1.9 * person.activity,
  *run(world, person) {
    const { chance, shops } = person;
    const isNew = chance.happens(NEW_SHOP);
    // The first shops of the list are the daily ones.
    const known = shops[Math.floor(shops.length * chance.next() ** 1.6)];
    const payee = isNew || known === undefined ? world.town.shop(chance) : known;
    if (isNew && shops.length < 24 && chance.happens(0.5)) shops.push(payee);
    const scanned = chance.happens(0.55);
    yield* pay(world, person, {
      payee,
      fen: price(chance.logNormal(2_400, 0.9), chance.next()),
      script: 'life:shop',
      mode: scanned ? 'scanned' : 'typed',
    });
  },
};

const online: Activity = {
  name: 'order',
  hours: EVENING,
  perDay: (person) => 0.28 * person.activity,
  *run(world, person) {
    const { chance, onlineShops } = person;
    const isNew = chance.happens(NEW_ONLINE) || onlineShops.length === 0;
    const payee = isNew ? world.town.online(chance) : chance.pick(onlineShops);
    if (isNew && chance.happens(0.4)) onlineShops.push(payee);
    const fen = price(chance.logNormal(7_500, 1.05), chance.next());
    const ref = world.nextName('o');
    useApp(world, person);
    world.emit('merchant.ordered', 'shops', person, {
      amount: yuan(fen),
      merchant: { accountId: payee.accountId },
      ...(chance.happens(0.9) ? { orderRef: ref } : {}),
    });
    const result = yield* pay(world, person, {
      payee,
      fen,
      script: 'life:order',
      mode: 'order',
      order: { ref, fen, kind: 'purchase' },
    });
    if (result !== 'settled' || !chance.happens(SENT_BACK)) return;
    yield Math.round(chance.real(1, 6) * DAY_MS);
    world.receive(person, chance.happens(0.8) ? fen : Math.round(fen / 2), payee);
  },
};

/** A television, a flight, a course: savings are redeemed for a merchant with an order. */
const largePurchase: Activity = {
  name: 'savings-purchase',
  lookalike: true,
  hours: EVENING,
  perDay: (person) => (isAdult(person) ? 0.006 * person.activity : 0),
  *run(world, person) {
    const { chance, ledger } = person;
    const fen = price(
      Math.min(chance.logNormal(350_000, 0.7), ledger.savings * 0.95),
      chance.next(),
    );
    if (fen < 80_000 || fen > ledger.savings) return;
    yield* lookAround(world, person);
    redeem(world, person, chance.happens(0.3) ? ledger.savings : fen);
    yield chance.between(20, 240) * SECOND_MS;
    const payee = world.town.online(chance);
    const ref = world.nextName('o');
    if (chance.happens(0.8)) {
      world.emit('merchant.ordered', 'shops', person, {
        amount: yuan(fen),
        merchant: { accountId: payee.accountId },
        orderRef: ref,
      });
    }
    yield* pay(world, person, {
      payee,
      fen,
      script: 'lookalike:savings-purchase',
      mode: 'order',
      order: { ref, fen, kind: 'purchase' },
      pocket: 'balance',
    });
  },
};

/** Over the daily limit of a card or a wallet: the platform says so, and the same bill is paid in parts. */
const splitByLimit: Activity = {
  name: 'split-by-limit',
  lookalike: true,
  hours: DAYTIME,
  perDay: (person) => (isAdult(person) ? 0.0012 : 0),
  *run(world, person) {
    const { chance, ledger } = person;
    const total = roundly(Math.min(chance.logNormal(3_500_000, 0.5), ledger.bank * 0.9));
    if (total < 800_000) return;
    const payee = chance.happens(0.5)
      ? world.town.institution('developer', chance.between(0, 5))
      : world.town.stranger(chance);
    const order = { ref: world.nextName('k'), kind: 'contract' } as const;
    const payment = {
      payee,
      script: 'lookalike:split-by-limit',
      pocket: 'bank',
      ...(chance.happens(0.6) ? { order } : {}),
    } as const;
    yield* pay(world, person, { ...payment, fen: total, ends: 'limit' });
    if (chance.happens(0.3)) world.signal(person, 'limit_raised');
    const parts = chance.between(2, 4);
    let left = total;
    for (let part = 0; part < parts; part += 1) {
      const fen = part === parts - 1 ? left : roundly(total / parts);
      if (fen <= 0 || fen > left) return;
      const result = yield* pay(world, person, { ...payment, fen });
      if (result !== 'settled') return;
      left -= fen;
      yield chance.happens(0.7)
        ? chance.between(30, 400) * SECOND_MS
        : Math.round(chance.real(10, 20) * HOUR_MS);
    }
  },
};

export const SHOPPING_LIFE: readonly Activity[] = [counter, online, largePurchase, splitByLimit];
