/** The stage: time, people, places, the way out, and the counters that give every event, transfer and draw its id. */
import { MINUTE_MS, formatMinor, type EventKind, type Instant } from '#domain';
import { digestCode } from '#contracts';
import { Chance } from './chance.ts';
import type { DrawLabel, TransferLabel } from './labels.ts';
import { Outlet, SKEW_MS_MAX, type WireData } from './outlet.ts';
import type { Payee, Person } from './person.ts';
import { Schedule } from './schedule.ts';
import { SIMULATION_CODE_KEY, SIMULATION_KEY_ID } from './code-key.ts';
import type { SimulationSettings } from './settings.ts';
import { Town } from './town.ts';

/** Whose clock stamps an event; each runs by its own few seconds off. */
export type Source = 'payments' | 'credit' | 'codes' | 'app' | 'profiles' | 'shops';

const SKEW_MS: Readonly<Record<Source, number>> = {
  payments: 0,
  credit: 700,
  codes: -900,
  // The app stamps with the phone's clock.
  app: 0,
  profiles: 0,
  shops: 1_800,
};

export type CodeOrigin = 'issued' | 'sms' | 'page';

const CODE_LIFE_MS = 10 * MINUTE_MS;

export function yuan(fen: number): { readonly currency: 'CNY'; readonly value: string } {
  return { currency: 'CNY', value: formatMinor({ currency: 'CNY', minor: fen }) };
}

export class World {
  /** In front of all ids of this simulation. */
  readonly run: string;
  readonly settings: SimulationSettings;
  readonly chance: Chance;
  readonly schedule: Schedule;
  readonly town: Town;
  readonly people: Person[] = [];
  readonly transferLabels: TransferLabel[] = [];
  readonly drawLabels: DrawLabel[] = [];
  readonly outlet: Outlet;
  #transfers = 0;
  #draws = 0;
  #codes = 0;
  #sessions = 0;
  #others = 0;

  constructor(settings: SimulationSettings, run = `s${settings.seed}`) {
    this.settings = settings;
    this.run = run;
    this.chance = new Chance(`lengjing/${settings.seed}`);
    this.schedule = new Schedule(settings.start);
    const nextName = (word: string): string => this.nextName(word);
    this.town = new Town(run, settings.start, settings.payers, nextName);
    this.outlet = new Outlet(run, settings.without);
  }

  get now(): Instant {
    return this.schedule.now;
  }

  /** Sends an event that happens now, about a payer. */
  emit(kind: EventKind, source: Source, person: Person, data: Omit<WireData, 'payer'>): void {
    const skew = source === 'app' ? person.deviceSkewMs : SKEW_MS[source];
    const stamp = this.now + Math.max(-SKEW_MS_MAX, Math.min(SKEW_MS_MAX, skew));
    this.outlet.send(kind, `https://${source}.simulated.example`, stamp, {
      payer: payerOf(person, source),
      ...data,
    });
  }

  signal(person: Person, signal: string, detail?: object): void {
    const data = detail === undefined ? { signal } : { signal, detail };
    this.emit('session.observed', 'app', person, data);
  }

  /** A one-time code of this many digits; the code itself leaves the function only for whoever dictates it. */
  observeCode(person: Person, origin: CodeOrigin, code: string): void {
    this.#codes += 1;
    const codeId = `${this.run}-c${this.#codes}`;
    this.emit('code.observed', 'codes', person, {
      codeId,
      origin,
      digits: code.length,
      keyId: SIMULATION_KEY_ID,
      digests: digestCode({ codeId, code, key: SIMULATION_CODE_KEY }),
      expiresAt: new Date(this.now + CODE_LIFE_MS).toISOString(),
    });
  }

  /** Credits somebody who lives in the stream and tells the platform so. */
  receive(
    person: Person,
    fen: number,
    from: Pick<Payee, 'accountId' | 'kind' | 'ownership'>,
  ): void {
    person.ledger.receive('balance', fen);
    const { accountId, kind, ownership } = from;
    this.emit('funds.received', 'payments', person, {
      amount: yuan(fen),
      from: { accountId, kind, ownership },
    });
  }

  nextTransferId(): string {
    this.#transfers += 1;
    return `${this.run}-t${this.#transfers}`;
  }

  nextDrawId(): string {
    this.#draws += 1;
    return `${this.run}-w${this.#draws}`;
  }

  nextSessionId(): string {
    this.#sessions += 1;
    return `${this.run}-n${this.#sessions}`;
  }

  /** For orders, references, accounts outside the stream. */
  nextName(word: string): string {
    this.#others += 1;
    return `${this.run}-${word}${this.#others}`;
  }
}

function payerOf(person: Person, source: Source): object {
  const { accountId, reports, session, deviceId, occupation } = person;
  const inApp = source === 'app' || source === 'payments' || source === 'credit';
  const role = occupation === 'shopkeeper' ? 'merchant' : 'consumer';
  return {
    accountId,
    ...(inApp && reports.sessionId && session !== undefined ? { sessionId: session.id } : {}),
    ...(inApp && reports.deviceId ? { deviceId } : {}),
    ...(reports.role ? { role } : {}),
  };
}
