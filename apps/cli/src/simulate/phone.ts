/** What a phone does besides paying: sessions of the app, calls, screen sharing. A platform sees only what the app can see. */
import { MINUTE_MS, SECOND_MS } from '#domain';
import type { Call, Person } from './person.ts';
import type { Process } from './schedule.ts';
import type { World } from './world.ts';

/** After so long without a touch the app asks for the finger again, and a new session begins. */
const SESSION_IDLE_MS = 9 * MINUTE_MS;
/** How often the app learns of a call while it is not in front [A]. */
const BACKGROUND = 0.3;

/** Opens the app, or goes on where it is open. A call that runs is noticed now. */
export function useApp(world: World, person: Person): void {
  const { session, call } = person;
  if (session !== undefined && world.now - session.lastUsedAt < SESSION_IDLE_MS) {
    session.lastUsedAt = world.now;
  } else {
    person.session = { id: world.nextSessionId(), lastUsedAt: world.now };
    world.signal(person, 'login');
  }
  if (call !== undefined && !call.told) tellCall(world, person);
}

function tellCall(world: World, person: Person): void {
  if (person.call === undefined || !person.reports.calls) return;
  person.call.told = true;
  world.signal(person, 'call_started', { caller: person.call.caller });
}

/** The phone is at the ear from now on. Undefined where it is already: nobody listens to two. */
export function startCall(
  world: World,
  person: Person,
  caller: 'saved' | 'unsaved',
): Call | undefined {
  if (person.call !== undefined) return undefined;
  const call = { caller, told: false };
  person.call = call;
  const { session, chance } = person;
  const inFront = session !== undefined && world.now - session.lastUsedAt < SESSION_IDLE_MS;
  if (inFront || chance.happens(BACKGROUND)) tellCall(world, person);
  return call;
}

/** Ends this call, unless it is over. */
export function endCall(world: World, person: Person, call: Call | undefined): void {
  if (call === undefined || person.call !== call) return;
  person.call = undefined;
  // Some apps are gone from memory before the call is over; the end is then never reported.
  if (call.told && person.chance.happens(0.95)) {
    world.signal(person, 'call_ended', { caller: call.caller });
  }
}

export function* callFor(
  world: World,
  person: Person,
  caller: 'saved' | 'unsaved',
  ms: number,
): Process {
  const call = startCall(world, person, caller);
  yield ms;
  endCall(world, person, call);
}

export function shareScreen(world: World, person: Person): void {
  if (person.reports.screen) world.signal(person, 'screen_share_started');
}

export function stopSharing(world: World, person: Person): void {
  if (person.reports.screen) world.signal(person, 'screen_share_ended');
}

/** Somebody looks at the money, and perhaps at the savings, and closes the app. */
export function* lookAround(world: World, person: Person): Process {
  useApp(world, person);
  yield person.chance.between(2, 20) * SECOND_MS;
  if (person.chance.happens(0.6)) world.signal(person, 'balance_viewed');
  if (person.chance.happens(0.02)) world.signal(person, 'credit_score_viewed');
  if (person.chance.happens(0.004)) world.signal(person, 'help_searched');
}
