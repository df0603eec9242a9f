/** `POST /api/v1/payer-links`: the platform's machine client asks for a link to the payer page for one hold. */
import { Body, Controller, Inject, Post } from '@nestjs/common';
import {
  mintPayerLink,
  type LinkPurpose,
  type LinkRequest,
  type LinkResult,
  type PayerLinkDeps,
} from '#application';
import { formatInstant, type Locale } from '#domain';
import { Needs } from '../access/bearer.guard.ts';
import { readHoldId } from '../holds/hold-requests.ts';
import { Problem } from '../problem.ts';

export interface LinkDeps extends PayerLinkDeps {
  readonly payerPageUrl: string;
}

export const LINK_DEPS = Symbol('link deps');

@Controller('api/v1/payer-links')
export class PayerLinksController {
  readonly #deps: LinkDeps;

  constructor(@Inject(LINK_DEPS) deps: LinkDeps) {
    this.#deps = deps;
  }

  @Post()
  @Needs('payer-links:mint')
  async mint(@Body() body: unknown): Promise<object> {
    const result = await mintPayerLink(this.#deps, readLinkRequest(body));
    if (!result.ok) throw refused(result.code);
    const { token, expiresAt } = result;
    return {
      url: `${this.#deps.payerPageUrl}/l/${token}`,
      expiresAt: formatInstant(expiresAt),
    };
  }
}

/** Like every opaque token of the contract. */
const TOKEN = /^[\x20-\x7e]{1,128}$/;
const PURPOSES: readonly LinkPurpose[] = ['stop', 'reconfirm'];
const LOCALES: readonly Locale[] = ['zh-CN', 'en'];

/** `{holdId, payer: {accountId, sessionId?}, purpose?, locale?}`. Throws a problem that says what is wrong. */
export function readLinkRequest(body: unknown): LinkRequest {
  const holdId = member(body, 'holdId');
  if (typeof holdId !== 'string') throw bad('holdId must be given');
  const payer = member(body, 'payer');
  const payerId = member(payer, 'accountId');
  if (!isToken(payerId)) throw bad('payer.accountId must be given');
  const session = member(payer, 'sessionId');
  if (session !== undefined && !isToken(session)) throw bad('payer.sessionId must be a token');
  const purpose = member(body, 'purpose') ?? 'stop';
  const locale = member(body, 'locale');
  const knownPurpose = PURPOSES.find((one) => one === purpose);
  if (knownPurpose === undefined) throw bad('purpose must be stop or reconfirm');
  const knownLocale = LOCALES.find((one) => one === locale);
  if (locale !== undefined && knownLocale === undefined) throw bad('locale must be zh-CN or en');
  return {
    holdId: readHoldId(holdId),
    payerId,
    purpose: knownPurpose,
    ...(session === undefined ? {} : { platformSession: session }),
    ...(knownLocale === undefined ? {} : { locale: knownLocale }),
  };
}

function member(value: unknown, name: string): unknown {
  const has = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
  return has ? Reflect.get(value, name) : undefined;
}

function isToken(value: unknown): value is string {
  return typeof value === 'string' && TOKEN.test(value);
}

function bad(detail: string): Problem {
  return new Problem(400, 'bad_request', detail);
}

function refused(code: Extract<LinkResult, { ok: false }>['code']): Problem {
  switch (code) {
    case 'hold_unknown':
      return new Problem(404, code, 'this payer has no such hold');
    case 'needs_session':
      return new Problem(
        400,
        code,
        'a link to reconfirm needs payer.sessionId, a session that you vouch for',
      );
  }
}
