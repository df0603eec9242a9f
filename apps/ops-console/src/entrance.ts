/** Who is let in: sessions, tokens, the login, and commands that are done only once. */
import type { Provider } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR, Reflector } from '@nestjs/core';
import type { HoldDeps } from '#application';
import { SYSTEM_CLOCK, type ConsoleConfig } from '#config';
import type { Program } from '#observability';
import type { Database } from '#persistence';
import { AccessGuard, type AccessDeps } from './access/access.guard.ts';
import { clientTokens } from './access/client-tokens.ts';
import { cookieJar } from './access/cookies.ts';
import { IdempotencyInterceptor } from './idempotency/idempotency.interceptor.ts';
import { LOGIN, type LoginDeps } from './login/login.controller.ts';
import { makeIssuer } from './login/issuer.ts';
import { ME, type MeDeps } from './login/me.controller.ts';

const ENTRANCE = Symbol('entrance');

interface Entrance {
  readonly access: AccessDeps;
  readonly login: LoginDeps;
}

/** `tokens` name what the application provides. */
export function entranceProviders(
  config: ConsoleConfig,
  program: Program,
  tokens: { readonly database: symbol; readonly holdDeps: symbol },
): Provider[] {
  return [
    {
      provide: ENTRANCE,
      inject: [tokens.database],
      useFactory: (db: Database) => entrance(config, program, db),
    },
    {
      provide: APP_GUARD,
      inject: [ENTRANCE, Reflector],
      useFactory: ({ access }: Entrance, reflector: Reflector) =>
        new AccessGuard(access, reflector),
    },
    {
      provide: APP_INTERCEPTOR,
      inject: [tokens.database],
      useFactory: (db: Database) => new IdempotencyInterceptor(db.answerStore, SYSTEM_CLOCK),
    },
    { provide: LOGIN, inject: [ENTRANCE], useFactory: ({ login }: Entrance) => login },
    {
      provide: ME,
      inject: [tokens.database, tokens.holdDeps],
      useFactory: (db: Database, { policy }: HoldDeps): MeDeps => ({
        sessions: db.sessionStore,
        clock: SYSTEM_CLOCK,
        policy,
      }),
    },
  ];
}

/** Who is let in, and how people sign in: both read the same sessions and cookies. */
function entrance(config: ConsoleConfig, { log }: Program, db: Database): Entrance {
  const { login, apiClients } = config;
  const cookies = cookieJar(login?.publicUrl.startsWith('https:') === true);
  const sessions = db.sessionStore;
  const issuer = login === undefined ? undefined : makeIssuer(login);
  const tokens =
    login?.audience === undefined || issuer === undefined
      ? undefined
      : clientTokens({
          issuer: login.issuer,
          audience: login.audience,
          jwksUri: () => issuer.jwksUri(),
        });
  return {
    access: {
      people: { sessions, cookies, publicUrl: login?.publicUrl },
      clients: apiClients,
      tokens,
      clock: SYSTEM_CLOCK,
    },
    login: { issuer, sessions, cookies, clock: SYSTEM_CLOCK, log },
  };
}
