/** Everything that a phone reports without any money moving: codes of many services, calls, log-ins, new phones, travel, meetings. */
import { MINUTE_MS, SECOND_MS } from '#domain';
import { DAYTIME, EVENING, SHOPPING } from '../calendar.ts';
import type { Person } from '../person.ts';
import { callFor, lookAround, shareScreen, stopSharing, useApp } from '../phone.ts';
import type { World } from '../world.ts';
import type { Activity } from './activity.ts';

/** Digits of the codes that services send [A]: six are the rule, four common, five rare. */
function receiveCode(world: World, person: Person): void {
  const { chance } = person;
  const digits = chance.weighted([
    [6, 58],
    [4, 36],
    [5, 6],
  ]);
  const origin = chance.weighted([
    ['sms', 78],
    ['issued', 20],
    ['page', 2],
  ] as const);
  // Texts are seen only by apps that may read them, pages only by the few that tell.
  if (origin === 'sms' && !person.reports.sms) return;
  world.observeCode(person, origin, chance.digits(digits));
}

const codes: Activity = {
  name: 'code',
  hours: SHOPPING,
  perDay: (person) => 0.8 * person.activity,
  *run(world, person) {
    receiveCode(world, person);
    // One in five is asked for again.
    if (!person.chance.happens(0.2)) return;
    yield person.chance.between(30, 120) * SECOND_MS;
    receiveCode(world, person);
  },
};

const savedCalls: Activity = {
  name: 'saved-call',
  hours: EVENING,
  perDay: () => 1.1,
  *run(world, person) {
    yield* callFor(world, person, 'saved', person.chance.logNormal(2.2 * MINUTE_MS, 1));
  },
};

/** Couriers, banks, agents, wrong numbers: short, many, in no address book. */
const unsavedCalls: Activity = {
  name: 'unsaved-call',
  hours: DAYTIME,
  perDay: () => 0.9,
  *run(world, person) {
    yield* callFor(world, person, 'unsaved', person.chance.logNormal(50 * SECOND_MS, 0.9));
  },
};

const looks: Activity = {
  name: 'look-around',
  hours: EVENING,
  perDay: (person) => 0.9 * person.activity,
  run: lookAround,
};

/** The confirmation page, and back again. */
const secondThoughts: Activity = {
  name: 'second-thoughts',
  hours: EVENING,
  perDay: () => 0.012,
  *run(world, person) {
    useApp(world, person);
    yield person.chance.between(5, 60) * SECOND_MS;
    world.signal(person, 'confirm_cancelled');
    if (person.chance.happens(0.2)) world.signal(person, 'screenshot');
  },
};

/** Pictures of receipts. */
const screenshots: Activity = {
  name: 'screenshot',
  hours: EVENING,
  perDay: () => 0.05,
  *run(world, person) {
    useApp(world, person);
    yield 2 * SECOND_MS;
    world.signal(person, 'screenshot');
  },
};

/** A meeting with the screen shared, in which nobody thinks of the wallet. */
const meetings: Activity = {
  name: 'meeting',
  hours: DAYTIME,
  perDay: (person) => (person.occupation === 'employee' ? 0.015 : 0.001),
  *run(world, person) {
    shareScreen(world, person);
    yield person.chance.logNormal(25 * MINUTE_MS, 0.6);
    stopSharing(world, person);
  },
};

const newPhone: Activity = {
  name: 'new-phone',
  hours: EVENING,
  perDay: () => 0.0015,
  *run(world, person) {
    person.deviceId = world.nextName('d');
    person.session = undefined;
    world.observeCode(person, 'issued', person.chance.digits(6));
    yield person.chance.between(20, 90) * SECOND_MS;
    useApp(world, person);
    world.signal(person, 'new_device');
  },
};

/** The tablet at home while the phone is out. */
const elsewhere: Activity = {
  name: 'login-elsewhere',
  hours: EVENING,
  perDay: () => 0.0008,
  *run(world, person) {
    useApp(world, person);
    yield person.chance.between(5, 120) * SECOND_MS;
    world.signal(person, 'login_elsewhere');
  },
};

export const PHONE_LIFE: readonly Activity[] = [
  codes,
  savedCalls,
  unsavedCalls,
  looks,
  secondThoughts,
  screenshots,
  meetings,
  newPhone,
  elsewhere,
];
