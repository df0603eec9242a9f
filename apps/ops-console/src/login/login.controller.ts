/** `/auth`: to the issuer, back from it, and out again. */
import { randomBytes } from 'node:crypto';
import { Controller, Get, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock, SessionStore } from '#application';
import type { Logger } from '#observability';
import { SESSION_MS_MAX, sha256 } from '../access/access.guard.ts';
import type { CookieJar } from '../access/cookies.ts';
import { Needs } from '../access/needs.ts';
import { Problem } from '../problem.ts';
import type { Issuer } from './issuer.ts';
import { nextPath } from './next-path.ts';

export const LOGIN = Symbol('login');

export interface LoginDeps {
  /** Undefined where nobody can sign in. */
  readonly issuer: Issuer | undefined;
  readonly sessions: SessionStore;
  readonly cookies: CookieJar;
  readonly clock: Clock;
  readonly log: Logger;
}

/** From leaving for the issuer to coming back. */
const LOGIN_MS_MAX = 10 * 60_000;

@Controller('auth')
export class LoginController {
  readonly #deps: LoginDeps;

  constructor(@Inject(LOGIN) deps: LoginDeps) {
    this.#deps = deps;
  }

  @Get('login')
  @Needs('nobody-known')
  async login(@Query('next') next: unknown, @Res() response: ServerResponse): Promise<void> {
    const { sessions, cookies, clock } = this.#deps;
    const { url, secrets } = await this.#begin();
    const own = secret();
    const endsAt = clock.now() + LOGIN_MS_MAX;
    await sessions.beginLogin(sha256(own), { ...secrets, next: nextPath(next), endsAt });
    cookies.keepLogin(response, own, LOGIN_MS_MAX / 1_000);
    redirect(response, url);
  }

  /** Always a new session under a new secret: one that was in the browser before, whoever put it there, is of no use. */
  @Get('callback')
  @Needs('nobody-known')
  async callback(@Req() request: IncomingMessage, @Res() response: ServerResponse): Promise<void> {
    const { issuer, sessions, cookies, clock, log } = this.#deps;
    const now = clock.now();
    const own = cookies.login(request);
    const attempt = own === undefined ? undefined : await sessions.takeLogin(sha256(own), now);
    if (issuer === undefined || attempt === undefined) throw again();
    const member = await issuer.finish(searchOf(request), attempt).catch((error: unknown) => {
      log.warn('a login was refused', { error });
      throw again();
    });
    if (member.roles.length === 0) {
      throw new Problem(
        403,
        'no_role',
        'you are known, but have no role here: ask an administrator',
      );
    }
    const before = cookies.session(request);
    if (before !== undefined) await sessions.end(sha256(before));
    const session = secret();
    const times = { startedAt: now, endsAt: now + SESSION_MS_MAX };
    await sessions.begin(sha256(session), { ...member, csrfToken: secret(), ...times });
    cookies.forget(response);
    cookies.keepSession(response, session, SESSION_MS_MAX / 1_000);
    redirect(response, attempt.next);
  }

  @Post('logout')
  @HttpCode(200)
  @Needs('signed-in')
  async logout(
    @Req() request: IncomingMessage,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<{ done: true }> {
    const { sessions, cookies } = this.#deps;
    const session = cookies.session(request);
    if (session !== undefined) await sessions.end(sha256(session));
    cookies.forget(response);
    return { done: true };
  }

  async #begin(): ReturnType<Issuer['begin']> {
    const { issuer, log } = this.#deps;
    if (issuer === undefined) {
      throw new Problem(404, 'no_login', 'no issuer is configured: set LENGJING_OIDC_ISSUER');
    }
    try {
      return await issuer.begin();
    } catch (error) {
      log.warn('the issuer cannot be reached', { error });
      throw new Problem(503, 'issuer_away', 'the login service does not answer: try again soon');
    }
  }
}

function again(): Problem {
  return new Problem(
    400,
    'login_failed',
    'this login has ended or was not begun here: begin again',
  );
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

function searchOf(request: IncomingMessage): string {
  const url = request.url ?? '';
  const start = url.indexOf('?');
  return start < 0 ? '' : url.slice(start);
}

function redirect(response: ServerResponse, to: string): void {
  response.statusCode = 302;
  response.setHeader('location', to);
  response.end();
}
