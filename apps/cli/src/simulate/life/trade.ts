/** Shopkeepers on the platform: they refund customers whom they never paid before, and pay suppliers. */
import { DAYTIME, EVENING } from '../calendar.ts';
import { pay } from '../paying.ts';
import { isTrade, price, roundly, type Activity } from './activity.ts';

const refundCustomers: Activity = {
  name: 'shop-refund',
  lookalike: true,
  hours: EVENING,
  perDay: (person) => (person.occupation === 'shopkeeper' ? 1.1 : 0),
  *run(world, person) {
    const { chance } = person;
    const customer = chance.pick(world.people);
    if (customer === person) return;
    yield* pay(world, person, {
      payee: customer.wallet,
      fen: price(chance.logNormal(6_000, 0.8), chance.next()),
      script: 'lookalike:shop-refund',
      ...(chance.happens(0.7)
        ? { remark: chance.pick(['退款', '退货退款', '退差价', '运费补偿']) }
        : {}),
    });
  },
};

const paySuppliers: Activity = {
  name: 'supplier',
  hours: DAYTIME,
  perDay: (person) => (isTrade(person) && person.suppliers.length > 0 ? 0.35 : 0),
  *run(world, person) {
    const { chance, suppliers } = person;
    const payee = chance.happens(0.06) ? world.town.stranger(chance) : chance.pick(suppliers);
    yield* pay(world, person, {
      payee,
      fen: roundly(chance.logNormal(180_000, 0.9)),
      script: 'life:supplier',
      ...(chance.happens(0.4) ? { remark: chance.pick(['货款', '定金', '尾款', '保证金']) } : {}),
    });
  },
};

export const TRADE_LIFE: readonly Activity[] = [refundCustomers, paySuppliers];
