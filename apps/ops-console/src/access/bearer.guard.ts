/** The guard where nobody signs in: machine clients with their static tokens alone. */
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import { SYSTEM_CLOCK, type ApiClient } from '#config';
import { AccessGuard } from './access.guard.ts';

export { Needs, callerOf } from './needs.ts';

export class BearerGuard implements CanActivate {
  readonly #guard: AccessGuard;

  /** `clients` by the SHA-256 of their token, hex. */
  constructor(clients: ReadonlyMap<string, ApiClient>, reflector: Reflector) {
    const deps = { clients, tokens: undefined, people: undefined, clock: SYSTEM_CLOCK };
    this.#guard = new AccessGuard(deps, reflector);
  }

  canActivate(context: ExecutionContext): Promise<boolean> {
    return this.#guard.canActivate(context);
  }
}
