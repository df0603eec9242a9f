/** Honest dealings with people never paid before: second-hand goods, a car, a tutor, the handyman, often while phoning them. */
import { HOUR_MS, MINUTE_MS } from '#domain';
import { DAYTIME, EVENING } from '../calendar.ts';
import { pay, redeem } from '../paying.ts';
import { endCall, startCall } from '../phone.ts';
import { isAdult, roundly, type Activity } from './activity.ts';

/** Over the market place: the money waits there until the parcel has come. */
const escrow: Activity = {
  name: 'second-hand-escrow',
  hours: EVENING,
  perDay: (person) => 0.012 * person.activity,
  *run(world, person) {
    const { chance } = person;
    const fen = roundly(chance.logNormal(15_000, 1));
    yield* pay(world, person, {
      payee: { ...world.town.stranger(chance), kind: 'wallet', refundable: true },
      fen,
      script: 'life:second-hand-escrow',
      mode: 'order',
      order: { ref: world.nextName('o'), fen, kind: 'purchase' },
    });
  },
};

/** Straight to the seller, a deposit first or all at once; a third of them on the phone with somebody not in the address book. */
const direct: Activity = {
  name: 'second-hand-direct',
  lookalike: true,
  hours: EVENING,
  perDay: (person) => 0.007 * person.activity,
  *run(world, person) {
    const { chance } = person;
    const payee = world.town.stranger(chance);
    const fen = roundly(chance.logNormal(35_000, 1));
    const payment = {
      payee,
      script: 'lookalike:second-hand-direct',
      ...(chance.happens(0.3)
        ? { remark: chance.pick(['定金', '手机', '二手', '押金', '自行车']) }
        : {}),
    };
    const deposit = fen >= 50_000 && chance.happens(0.4) ? roundly(fen * 0.15) : 0;
    const onThePhone = chance.happens(0.35);
    const call = onThePhone ? startCall(world, person, 'unsaved') : undefined;
    yield chance.between(1, 5) * MINUTE_MS;
    if (deposit > 0) {
      const result = yield* pay(world, person, { ...payment, fen: deposit });
      endCall(world, person, call);
      if (result !== 'settled') return;
      yield Math.round(chance.real(0.3, 30) * HOUR_MS);
    }
    yield* pay(world, person, { ...payment, fen: fen - deposit });
    endCall(world, person, call);
  },
};

/** A used car or a shop's fittings, from savings to a person met once. */
const car: Activity = {
  name: 'car-from-person',
  lookalike: true,
  hours: DAYTIME,
  perDay: (person) => (isAdult(person) ? 0.00025 : 0),
  *run(world, person) {
    const { chance, ledger } = person;
    const fen = roundly(
      Math.min(chance.logNormal(2_500_000, 0.5), 0.9 * (ledger.savings + ledger.balance)),
    );
    if (fen < 500_000) return;
    redeem(world, person, fen);
    yield chance.between(3, 40) * MINUTE_MS;
    yield* pay(world, person, {
      payee: world.town.stranger(chance),
      fen: Math.min(fen, ledger.balance),
      script: 'lookalike:car-from-person',
      pocket: 'balance',
      ...(chance.happens(0.5) ? { remark: chance.pick(['车款', '购车']) } : {}),
      ...(chance.happens(0.3) ? { order: { ref: world.nextName('k'), kind: 'contract' } } : {}),
    });
  },
};

/** Tutors, movers, locksmiths: paid on the spot, called before. */
const handyman: Activity = {
  name: 'handyman',
  hours: DAYTIME,
  perDay: (person) => (isAdult(person) ? 0.012 * person.activity : 0),
  *run(world, person) {
    const { chance } = person;
    const onThePhone = chance.happens(0.15);
    const call = onThePhone ? startCall(world, person, 'unsaved') : undefined;
    yield* pay(world, person, {
      payee: world.town.stranger(chance),
      fen: roundly(chance.logNormal(18_000, 0.8)),
      script: 'life:handyman',
    });
    endCall(world, person, call);
  },
};

/** A broker's or a fund's account, verified by the platform, sums that grow when markets do. */
const broker: Activity = {
  name: 'broker',
  hours: DAYTIME,
  perDay: (person) => (person.ageBand === '30-44' || person.ageBand === '45-59' ? 0.004 : 0.0005),
  *run(world, person) {
    const { chance, ledger } = person;
    const fen = roundly(chance.logNormal(500_000, 1));
    if (fen > Math.max(ledger.bank, ledger.balance)) redeem(world, person, fen);
    yield* pay(world, person, {
      payee: world.town.institution('broker', chance.between(0, 7)),
      fen,
      script: 'life:broker',
    });
  },
};

export const STRANGERS_LIFE: readonly Activity[] = [escrow, direct, car, handyman, broker];
