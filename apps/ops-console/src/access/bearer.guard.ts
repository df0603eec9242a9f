/** Every call needs a bearer token, and the permission of its verb. */
import { createHash } from 'node:crypto';
import {
  SetMetadata,
  type CanActivate,
  type CustomDecorator,
  type ExecutionContext,
} from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { IncomingMessage } from 'node:http';
import type { ApiClient, Permission } from '#config';
import { Problem } from '../problem.ts';

const PERMISSION = 'permission';

/** The one permission that a handler needs. A handler without one refuses everybody. */
export function Needs(permission: Permission): CustomDecorator {
  return SetMetadata(PERMISSION, permission);
}

const callers = new WeakMap<IncomingMessage, ApiClient>();

/** Who made an admitted request. */
export function callerOf(request: IncomingMessage): ApiClient {
  const caller = callers.get(request);
  if (caller === undefined) throw new Error('a handler was reached without the guard');
  return caller;
}

export class BearerGuard implements CanActivate {
  readonly #clients: ReadonlyMap<string, ApiClient>;
  readonly #reflector: Reflector;

  /** `clients` by the SHA-256 of their token, hex: the comparison is of hashes, so its time tells nothing of the token. */
  constructor(clients: ReadonlyMap<string, ApiClient>, reflector: Reflector) {
    this.#clients = clients;
    this.#reflector = reflector;
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<IncomingMessage>();
    const caller = this.#clientOf(request.headers.authorization);
    if (caller === undefined) {
      throw new Problem(
        401,
        'unauthenticated',
        'send a known token as Authorization: Bearer TOKEN',
      );
    }
    const needed = this.#reflector.get<Permission | undefined>(PERMISSION, context.getHandler());
    if (needed === undefined || !caller.permissions.includes(needed)) {
      throw new Problem(403, 'forbidden', `this needs the permission ${needed ?? 'of nobody'}`);
    }
    callers.set(request, caller);
    return true;
  }

  #clientOf(header: string | undefined): ApiClient | undefined {
    const token = /^Bearer ([\w.~+/=-]{1,512})$/i.exec(header ?? '')?.[1];
    if (token === undefined) return undefined;
    return this.#clients.get(createHash('sha256').update(token).digest('hex'));
  }
}
