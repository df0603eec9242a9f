/** `/api/v1/me` and what a screen needs to name things. */
import { Controller, Get, Inject, Req } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import type { Clock, SessionStore } from '#application';
import { SIGNALS, formatInstant, type Policy } from '#domain';
import { Needs, callerOf, staffOf } from '../access/needs.ts';
import { verbsOf } from '../access/verbs.ts';
import { ROLES, type Catalogue, type Me, type Role } from '../api/session.ts';

export const ME = Symbol('me');

export interface MeDeps {
  readonly sessions: SessionStore;
  readonly clock: Clock;
  readonly policy: () => Policy;
}

@Controller('api/v1')
export class MeController {
  readonly #deps: MeDeps;

  constructor(@Inject(ME) deps: MeDeps) {
    this.#deps = deps;
  }

  @Get('me')
  @Needs('signed-in')
  me(@Req() request: IncomingMessage): Me {
    const caller = staffOf(request);
    return {
      userId: caller.name,
      name: caller.displayName,
      roles: [...caller.roles],
      verbs: [...verbsOf(caller)],
      csrfToken: caller.session.csrfToken,
      sessionEndsAt: formatInstant(caller.session.endsAt),
      serverTime: formatInstant(this.#deps.clock.now()),
    };
  }

  @Get('catalogue')
  @Needs('signed-in')
  async catalogue(@Req() request: IncomingMessage): Promise<Catalogue> {
    callerOf(request);
    const { sessions, policy } = this.#deps;
    const known: ReadonlySet<string> = new Set(ROLES);
    const staff = await sessions.staff();
    return {
      signals: SIGNALS.map(({ code, group, sees, against }) => ({
        code,
        group,
        sees: { 'zh-CN': sees['zh-CN'], en: sees.en },
        against,
      })),
      lenders: lendersOf(policy()),
      staff: staff.map(({ userId, name, roles }) => ({
        userId,
        name,
        roles: roles.filter((role): role is Role => known.has(role)),
      })),
    };
  }
}

function lendersOf(policy: Policy): Catalogue['lenders'] {
  return policy.catalogue.map(({ lender, product, zh, en }) => ({
    lender,
    product,
    name: { 'zh-CN': zh, en },
  }));
}
