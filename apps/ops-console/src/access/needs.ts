/** How a handler says what it needs, and how it learns who is calling. */
import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import type { Permission } from '#config';
import { Problem } from '../problem.ts';
import type { Caller, StaffCaller } from './verbs.ts';

export const NEEDS = 'needs';

/** `signed-in`: anybody who is known. `nobody-known`: the login itself, before anybody is. */
export type Need = Permission | 'signed-in' | 'nobody-known';

/** The one permission that a handler needs. A handler without one refuses everybody. */
export function Needs(need: Need): CustomDecorator {
  return SetMetadata(NEEDS, need);
}

const callers = new WeakMap<IncomingMessage, Caller>();

export function admit(request: IncomingMessage, caller: Caller): void {
  callers.set(request, caller);
}

/** Who made an admitted request. */
export function callerOf(request: IncomingMessage): Caller {
  const caller = callers.get(request);
  if (caller === undefined) throw new Error('a handler was reached without the guard');
  return caller;
}

/** The person who made an admitted request; a machine client is refused. */
export function staffOf(request: IncomingMessage): StaffCaller {
  const caller = callerOf(request);
  if (caller.kind === 'staff') return caller;
  throw new Problem(403, 'needs_person', 'this needs a person who is signed in');
}
