/**
 * The overlay of DETECTION §5: transfers that nobody here wrote (IBM/AMLSim), and over them what AMLSim has not: codes, calls, draws, scams
 * and honest look-alikes. The base's payers, days and order stay as they are; amounts are scaled to yuan and partly rounded; payees are
 * repaired where asked, since AMLSim's accounts hardly ever pay anybody twice.
 */
import { DAY_MS, MINUTE_MS, SECOND_MS, formatInstant, type Instant } from '#domain';
import { timesOf, type AmlsimRow } from '../amlsim-rows.ts';
import { borrow, giveCredit } from '../simulate/borrowing.ts';
import type { Chance } from '../simulate/chance.ts';
import { ACTIVITIES } from '../simulate/life/day.ts';
import type { Payee, Person } from '../simulate/person.ts';
import { endCall, startCall } from '../simulate/phone.ts';
import { giveContacts, makePerson } from '../simulate/population.ts';
import { Mules } from '../simulate/scams/mules.ts';
import { SCRIPTS, type ScriptName } from '../simulate/scams/scripts.ts';
import { episodeOf } from '../simulate/scams/underworld.ts';
import type { Process } from '../simulate/schedule.ts';
import { DEFAULT_SETTINGS, type SimulationSettings } from '../simulate/settings.ts';
import { runWorld, type SimulatedBatch } from '../simulate/simulate.ts';
import { World, yuan } from '../simulate/world.ts';

export interface OverlayOptions {
  readonly seed: string;
  readonly rows: readonly AmlsimRow[];
  /** Four in five transfers go to one of the payer's last five payees. */
  readonly repair: boolean;
  readonly episodes: number;
  readonly lookalikesPerEpisode: number;
}

/** Codes and amounts that met by chance: base transfers only, codes of the seven days before. */
export interface Collisions {
  /** By digits of the code. */
  readonly trials: Record<4 | 6, number>;
  readonly matches: Record<4 | 6, number>;
}

/** AMLSim's median transfer becomes about 760 yuan [A]. */
const SCALE = 3;
const REPAIRED = 0.8;
const LAST_PAYEES = 5;
const CODES_PER_DAY = 0.3;
const DRAWS_PER_DAY = 0.01 / 30;
const ON_THE_PHONE = 0.03;
const PRIOR_TRANSFERS = 10;
const COLLISION_MS = 7 * DAY_MS;

/** The merged stream. `collisions` is filled while it runs. */
export function* overlay(
  options: OverlayOptions,
  collisions: Collisions,
): Generator<SimulatedBatch> {
  const { rows } = options;
  const start = DEFAULT_SETTINGS.start;
  const days = rows.reduce((most, { step }) => Math.max(most, step), 0) + 1;
  const settings: SimulationSettings = { ...DEFAULT_SETTINGS, seed: options.seed, days };
  const world = new World({ ...settings, payers: 20_000, scamRate: 0 }, `o${options.seed}`);
  const people = moveIn(world, rows);
  const base = new BaseStream(world, people, { ...options, collisions });
  world.schedule.start(start, base.run());
  for (const person of world.people) {
    world.schedule.start(start, base.codes(person));
    world.schedule.start(start, draws(world, person));
  }
  inject(world, people, options);
  yield* runWorld(world);
}

type People = ReadonlyMap<string, Person>;

function moveIn(world: World, rows: readonly AmlsimRow[]): People {
  const people = new Map<string, Person>();
  const { start } = world.settings;
  for (const node of rows.flatMap(({ from, to }) => [from, to])) {
    if (people.has(node)) continue;
    const accountId = `amlsim-${node}`;
    const person = makePerson(accountId, world.chance.fork(accountId), world.town, start);
    people.set(node, person);
    world.people.push(person);
  }
  for (const person of world.people) {
    giveContacts(person, world.people, start);
    giveCredit(person, person.chance, start);
  }
  return people;
}

class BaseStream {
  readonly #world: World;
  readonly #people: People;
  readonly #options: OverlayOptions & { readonly collisions: Collisions };
  readonly #chance: Chance;
  readonly #lastPayees = new Map<Person, Payee[]>();
  readonly #codes = new Map<string, { readonly code: string; readonly at: Instant }[]>();

  constructor(
    world: World,
    people: People,
    options: OverlayOptions & { readonly collisions: Collisions },
  ) {
    this.#world = world;
    this.#people = people;
    this.#options = options;
    this.#chance = world.chance.fork('base');
  }

  *run(): Process {
    const { rows } = this.#options;
    const times = timesOf(rows, this.#world.settings.start);
    const order = [...rows.keys()].sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
    for (const index of order) {
      const [row, at] = [rows[index], times[index]];
      if (row === undefined || at === undefined) continue;
      yield at - this.#world.now;
      const [payer, target] = [this.#people.get(row.from), this.#people.get(row.to)];
      if (payer !== undefined && target !== undefined) this.#transfer(row, index, payer, target);
    }
  }

  *codes(person: Person): Process {
    const chance = person.chance.fork('codes');
    for (;;) {
      yield chance.exponential(DAY_MS / CODES_PER_DAY);
      const code = chance.digits(chance.pick([4, 6]));
      this.#world.observeCode(person, 'sms', code);
      const kept = this.#codes.get(person.accountId) ?? [];
      this.#codes.set(person.accountId, [
        ...kept.filter(({ at }) => at > this.#world.now - COLLISION_MS),
        { code, at: this.#world.now },
      ]);
    }
  }

  #transfer(row: AmlsimRow, index: number, payer: Person, target: Person): void {
    const world = this.#world;
    const payee = this.#repaired(payer, target.wallet);
    const fen = amountOf(row.value, this.#chance);
    const transferId = `amlsim-${index + 1}`;
    const { count, firstAt } = payer.history.of(payee.accountId);
    if (this.#chance.happens(ON_THE_PHONE)) {
      world.schedule.start(world.now - 1, aroundCall(world, payer, this.#chance));
    }
    world.outlet.send('transfer.requested', 'https://github.com/IBM/AMLSim', world.now, {
      transferId,
      payer: { accountId: payer.accountId },
      payee: {
        accountId: payee.accountId,
        kind: 'wallet',
        ownership: 'other',
        paidCount: count,
        ...(firstAt === undefined ? {} : { firstPaidAt: formatInstant(firstAt) }),
      },
      amount: yuan(fen),
      fundingSource: 'balance',
    });
    world.transferLabels.push({
      transferId,
      label: 'legit',
      script: 'base:amlsim',
      payerId: payer.accountId,
    });
    payer.history.paid(payee.accountId, fen, world.now);
    if (payee.receiver !== undefined) {
      world.receive(payee.receiver, fen, { ...payer.wallet });
    }
    this.#collide(payer, fen);
  }

  #repaired(payer: Person, target: Payee): Payee {
    const last = this.#lastPayees.get(payer) ?? [];
    const repair = this.#options.repair && last.length > 0 && this.#chance.happens(REPAIRED);
    const payee = repair ? this.#chance.pick(last) : target;
    const others = last.filter((one) => one !== payee);
    this.#lastPayees.set(payer, [payee, ...others].slice(0, LAST_PAYEES));
    return payee;
  }

  /** Whole yuan of at least four digits: for these a code of n digits is the amount once in 10^n. */
  #collide(payer: Person, fen: number): void {
    const { trials, matches } = this.#options.collisions;
    if (fen % 100 !== 0 || fen < 100_000) return;
    const amount = String(fen / 100);
    for (const { code, at } of this.#codes.get(payer.accountId) ?? []) {
      if (at <= this.#world.now - COLLISION_MS || amount.length > code.length) continue;
      const digits = code.length === 4 ? 4 : 6;
      trials[digits] += 1;
      matches[digits] += Number(code.replace(/^0+/, '') === amount);
    }
  }
}

/** DETECTION §3's mixture of amounts between people [A]: 55 % hundreds, 15 % tens, 20 % whole yuan, 10 % with fen. */
function amountOf(value: string, chance: Chance): number {
  const fen = Math.round(Number(value) * SCALE * 100);
  const step = chance.weighted([
    [10_000, 55],
    [1_000, 15],
    [100, 20],
    [1, 10],
  ]);
  return Math.max(step, Math.round(fen / step) * step);
}

function* aroundCall(world: World, person: Person, chance: Chance): Process {
  const call = startCall(world, person, 'unsaved');
  yield chance.between(20, 240) * SECOND_MS;
  endCall(world, person, call);
}

/** One account in a hundred a month borrows; seven in ten onto the own card. */
function* draws(world: World, person: Person): Process {
  const chance = person.chance.fork('draws');
  for (;;) {
    yield chance.exponential(DAY_MS / DRAWS_PER_DAY);
    const to = chance.happens(0.7) ? 'own_card' : 'balance';
    yield* borrow(world, person, { to, label: 'legit', script: 'nuisance:draw' });
  }
}

/** Scams and look-alikes in the second half, among payers whose base transfers give them a past by then. */
function inject(world: World, people: People, options: OverlayOptions): void {
  const chance = world.chance.fork('inject');
  const { start, days } = world.settings;
  const counts = new Map<string, number>();
  for (const { from, step } of options.rows) {
    if (step < days / 2) counts.set(from, (counts.get(from) ?? 0) + 1);
  }
  const eligible = [...people].flatMap(([node, person]) =>
    (counts.get(node) ?? 0) >= PRIOR_TRANSFERS ? [person] : [],
  );
  const at = (): Instant => start + Math.round(chance.real(days / 2, days - 3) * DAY_MS);
  const mules = new Mules(world);
  const names = Object.keys(SCRIPTS) as ScriptName[];
  for (let i = 0; i < options.episodes; i += 1) {
    const script = names[i % names.length] as ScriptName;
    const plan = { id: `${world.run}-e${i + 1}`, script, world, people: eligible, mules, chance };
    world.schedule.start(at(), episodeOf(plan));
  }
  // A collection brings dozens of payers with it.
  const kinds = ACTIVITIES.flatMap((activity) =>
    activity.lookalike ? [[activity, activity.name === 'collection' ? 0.03 : 1] as const] : [],
  );
  for (let i = 0; i < options.episodes * options.lookalikesPerEpisode; i += 1) {
    const activity = chance.weighted(kinds);
    for (let tries = 0; tries < 40; tries += 1) {
      const person = chance.pick(eligible);
      if (activity.perDay(person) === 0) continue;
      world.schedule.start(at() + chance.between(0, 59) * MINUTE_MS, activity.run(world, person));
      break;
    }
  }
}
