/** Every call needs a session or a bearer token, and the permission of its verb. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { IncomingMessage } from 'node:http';
import type { Clock, SessionStore } from '#application';
import type { ApiClient } from '#config';
import { ROLES, type Role } from '../api/session.ts';
import { Problem } from '../problem.ts';
import type { CookieJar } from './cookies.ts';
import type { ClientTokens } from './client-tokens.ts';
import { NEEDS, admit, type Need } from './needs.ts';
import { rateLimit, type RateLimit } from './rate-limit.ts';
import { mayDo, type Caller } from './verbs.ts';

export interface AccessDeps {
  /** Static tokens, by the SHA-256 of the token, hex: the comparison is of hashes, so its time tells nothing of the token. */
  readonly clients: ReadonlyMap<string, ApiClient>;
  /** Tokens that the issuer gave to machine clients. */
  readonly tokens: ClientTokens | undefined;
  /** Undefined where only machine clients call. */
  readonly people: PeopleAccess | undefined;
  readonly clock: Clock;
}

export interface PeopleAccess {
  readonly sessions: SessionStore;
  readonly cookies: CookieJar;
  /** Origin of our own pages; undefined where nobody can sign in. */
  readonly publicUrl: string | undefined;
}

/** A session ends 30 minutes after its last use, and 12 hours after its begin in any case. */
export const SESSION_IDLE_MS = 30 * 60_000;
export const SESSION_MS_MAX = 12 * 3_600_000;

const UNSAFE = /^(POST|PUT|PATCH|DELETE)$/;

export class AccessGuard implements CanActivate {
  readonly #deps: AccessDeps;
  readonly #reflector: Reflector;
  readonly #known: RateLimit;
  readonly #unknown: RateLimit;

  constructor(deps: AccessDeps, reflector: Reflector) {
    this.#deps = deps;
    this.#reflector = reflector;
    // Unknown callers count by address, and many colleagues may share one.
    this.#known = rateLimit(200, 50, deps.clock);
    this.#unknown = rateLimit(300, 10, deps.clock);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<IncomingMessage>();
    const need = this.#reflector.get<Need | undefined>(NEEDS, context.getHandler());
    if (need === 'nobody-known') {
      this.#limit(this.#unknown, request.socket.remoteAddress ?? '');
      return true;
    }
    const caller = await this.#callerOf(request);
    if (caller === undefined) {
      this.#limit(this.#unknown, request.socket.remoteAddress ?? '');
      throw new Problem(401, 'unauthenticated', 'sign in, or send a known token');
    }
    this.#limit(this.#known, `${caller.kind} ${caller.name}`);
    if (need === undefined || (need !== 'signed-in' && !mayDo(need, caller))) {
      throw new Problem(403, 'forbidden', `this needs the permission ${need ?? 'of nobody'}`);
    }
    if (caller.kind === 'staff' && UNSAFE.test(request.method ?? '')) {
      this.#requireOwnPage(request, caller.session.csrfToken);
    }
    admit(request, caller);
    return true;
  }

  #limit(limit: RateLimit, who: string): void {
    if (!limit.take(who)) throw new Problem(429, 'too_many', 'wait a moment and try again');
  }

  async #callerOf(request: IncomingMessage): Promise<Caller | undefined> {
    const { authorization } = request.headers;
    if (authorization !== undefined) return this.#clientOf(authorization);
    const { people, clock } = this.#deps;
    const cookie = people?.cookies.session(request);
    if (people === undefined || cookie === undefined) return undefined;
    const session = await people.sessions.find(sha256(cookie), clock.now(), SESSION_IDLE_MS);
    if (session === undefined) return undefined;
    const known: ReadonlySet<string> = new Set(ROLES);
    const roles = session.roles.filter((role): role is Role => known.has(role));
    return { kind: 'staff', name: session.userId, displayName: session.name, roles, session };
  }

  async #clientOf(header: string): Promise<Caller | undefined> {
    const token = /^Bearer ([\w.~+/=-]{1,4096})$/i.exec(header)?.[1];
    if (token === undefined) return undefined;
    const client = this.#deps.clients.get(sha256(token)) ?? (await this.#deps.tokens?.check(token));
    return client === undefined ? undefined : { kind: 'client', ...client };
  }

  /** A browser sends its cookie whoever asks it to; what only our pages know, and the origin that it names itself, tell them apart. */
  #requireOwnPage(request: IncomingMessage, csrfToken: string): void {
    const { origin } = request.headers;
    const sent = request.headers['x-csrf-token'];
    const fromUs = origin === undefined || origin === this.#deps.people?.publicUrl;
    if (fromUs && typeof sent === 'string' && equal(sent, csrfToken)) return;
    throw new Problem(403, 'csrf', 'send x-csrf-token as /api/v1/me gives it, from a page of ours');
  }
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function equal(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(sha256(a)), Buffer.from(sha256(b)));
}
