/** Accounts that receive what victims send: used by several scripts for a day or two, emptied within minutes. */
import { DAY_MS, MINUTE_MS, type Instant } from '#domain';
import type { Chance } from '../chance.ts';
import { pay } from '../paying.ts';
import type { Payee, Person } from '../person.ts';
import { makePersonOf } from '../population.ts';
import type { Process } from '../schedule.ts';
import type { World } from '../world.ts';

interface Mule {
  readonly payee: Payee;
  readonly until: Instant;
}

export class Mules {
  readonly #world: World;
  readonly #chance: Chance;
  #active: Mule[] = [];

  constructor(world: World) {
    this.#world = world;
    this.#chance = world.chance.fork('mules');
  }

  /** A fresh account, or one that is in use with other victims. */
  next(fresh: boolean): Payee {
    const { now } = this.#world;
    this.#active = this.#active.filter(({ until }) => until > now);
    if (!fresh && this.#active.length > 0 && this.#chance.happens(0.5)) {
      return this.#chance.pick(this.#active).payee;
    }
    const payee = this.#recruit();
    this.#active.push({ payee, until: now + Math.round(this.#chance.real(0.2, 2.5) * DAY_MS) });
    return payee;
  }

  /** Cards outside the stream, wallets inside it, some shops that sell nothing [A]. */
  #recruit(): Payee {
    const [world, chance] = [this.#world, this.#chance];
    const openedAt = this.#openedAt();
    const kind = chance.weighted([
      ['bank_card', 55],
      ['wallet', 36],
      ['merchant', 9],
    ] as const);
    const accountId = world.nextName('x');
    if (kind === 'wallet') {
      const is = { ageBand: '18-29', occupation: 'mule', openedAt } as const;
      return makePersonOf(accountId, chance.fork(accountId), is, world.settings.start).wallet;
    }
    // The fraudster gives the holder's name with the number; now and then somebody else's.
    const nameMatch = chance.weighted([
      ['match', 80],
      ['unknown', 13],
      ['mismatch', 7],
    ] as const);
    return {
      accountId,
      kind,
      ownership: 'other',
      openedAt,
      ...(kind === 'bank_card' ? { nameMatch } : {}),
      displayName: '*客',
    };
  }

  /** Bought last month, or borrowed from somebody who has had it for years. */
  #openedAt(): Instant {
    const days = this.#chance.happens(0.3)
      ? this.#chance.real(300, 2_500)
      : this.#chance.logNormal(45, 1);
    return this.#world.now - Math.round(days * DAY_MS);
  }
}

/** The money leaves the mule's wallet before anybody can ask for it back. Nobody is under pressure here. */
export function* passOn(world: World, mule: Person, fen: number): Process {
  const { chance } = mule;
  yield chance.logNormal(5 * MINUTE_MS, 0.9);
  const parts = chance.between(1, 3);
  let left = Math.min(fen, mule.ledger.balance);
  for (let part = 0; part < parts && left > 0; part += 1) {
    const sum = part === parts - 1 ? left : Math.floor(left / (parts - part) / 100) * 100;
    left -= sum;
    if (sum <= 0) continue;
    const payee: Payee = chance.happens(0.35)
      ? chance.pick(mule.ownCards)
      : { accountId: world.nextName('x'), kind: 'bank_card', ownership: 'other' };
    yield* pay(world, mule, { payee, fen: sum, script: 'mule:pass-on', pocket: 'balance' });
    yield chance.between(10, 120) * 1_000;
  }
}
