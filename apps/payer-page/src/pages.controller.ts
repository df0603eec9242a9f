/** The payer page: GET shows, POST acts, and a cookie says which hold. No address names a hold, so there is no other one to try. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  SESSION_MS,
  answerHold,
  findPageSession,
  holdOnPage,
  openPayerLink,
  type PageSession,
  type PayerLinkDeps,
  type PayerPageDeps,
} from '#application';
import type { NoticeCatalogue, PageTexts, PayerAnswer } from '#domain';
import { holdPage, isChecking } from './hold-page.ts';
import { STYLE_PATH } from './layout.ts';
import { cookieName, redirect, sendPage, setCookie } from './replies.ts';
import { coachedAnswerOf, cookieOf, fieldOf, isOwnSite, localeOf, typedText } from './requests.ts';
import { deadLinkPage, openingPage } from './simple-pages.ts';
import { STYLE } from './style.ts';

export interface PageDeps extends PayerLinkDeps, PayerPageDeps {
  readonly holds: PayerPageDeps['holds'];
  readonly texts: PageTexts;
  readonly notices: NoticeCatalogue;
  /** Where the page is seen from outside: `https://…` without a path. */
  readonly origin: string;
}

export const PAGE_DEPS = Symbol('page deps');

/** How soon a page that is checking something looks again. */
const AGAIN_SECONDS = 3;
const STYLE_KEPT_SECONDS = 31_536_000;

interface Visitor {
  readonly session: PageSession;
  readonly formKey: string;
}

@Controller()
export class PagesController {
  readonly #deps: PageDeps;
  readonly #cookie: { readonly secure: boolean };

  constructor(@Inject(PAGE_DEPS) deps: PageDeps) {
    this.#deps = deps;
    this.#cookie = { secure: deps.origin.startsWith('https:') };
  }

  @Get(STYLE_PATH)
  style(@Res() response: ServerResponse): void {
    response.setHeader('content-type', 'text/css; charset=utf-8');
    response.setHeader('cache-control', `public, max-age=${STYLE_KEPT_SECONDS}, immutable`);
    response.end(STYLE);
  }

  /** The same for every link, ours or not: following it does nothing and tells nothing. */
  @Get('l/:token')
  opening(@Param('token') token: string, @Res() response: ServerResponse): void {
    const { texts } = this.#deps;
    if (/^[\da-f]{64}$/.test(token)) sendPage(response, 200, openingPage(texts, token));
    else sendPage(response, 404, deadLinkPage(texts));
  }

  @Post('l/:token')
  async open(
    @Param('token') token: string,
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const fromHere = isOwnSite(request, this.#deps.origin);
    const opened = fromHere ? await openPayerLink(this.#deps, token) : undefined;
    if (opened === undefined) return this.#dead(response);
    setCookie(response, this.#cookie, opened.secret, SESSION_MS);
    redirect(response, '/hold');
  }

  @Get('hold')
  async show(
    @Query('lang') lang: unknown,
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const visitor = await this.#visitor(request);
    if (visitor === undefined) return this.#dead(response);
    const view = await holdOnPage(this.#deps, visitor.session);
    if (view === undefined) return this.#dead(response);
    if (isChecking(view)) response.setHeader('refresh', String(AGAIN_SECONDS));
    const locale = localeOf(lang, visitor.session.locale);
    const { texts, notices } = this.#deps;
    sendPage(response, 200, holdPage({ texts, notices, ...visitor, view, locale }));
  }

  @Post('cancel')
  cancel(
    @Body() body: unknown,
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
  ): Promise<void> {
    return this.#answer(body, request, response, 'cancel');
  }

  @Post('answer')
  answer(
    @Body() body: unknown,
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
  ): Promise<void> {
    return this.#answer(body, request, response, coachedAnswerOf(body));
  }

  @Post('reconfirm')
  reconfirm(
    @Body() body: unknown,
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const alone = fieldOf(body, 'alone') === 'yes';
    return this.#answer(body, request, response, alone ? 'reconfirm' : undefined);
  }

  @Post('appeal')
  appeal(
    @Body() body: unknown,
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
  ): Promise<void> {
    return this.#answer(body, request, response, typedText(body) === '' ? undefined : 'appeal');
  }

  @Post('explain')
  explain(
    @Body() body: unknown,
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
  ): Promise<void> {
    return this.#answer(body, request, response, 'explain');
  }

  /** Acts and shows the hold again. What cannot be acted on shows it as it is: the page itself says why. */
  async #answer(
    body: unknown,
    request: IncomingMessage,
    response: ServerResponse,
    answer: PayerAnswer | undefined,
  ): Promise<void> {
    const visitor = await this.#visitor(request);
    const ours =
      visitor !== undefined &&
      isOwnSite(request, this.#deps.origin) &&
      isSame(fieldOf(body, 'key') ?? '', visitor.formKey);
    if (!ours) return this.#dead(response);
    const text = answer === 'appeal' ? typedText(body) : '';
    if (answer !== undefined) await answerHold(this.#deps, visitor.session, { answer, text });
    redirect(response, '/hold');
  }

  async #visitor(request: IncomingMessage): Promise<Visitor | undefined> {
    const secret = cookieOf(request, cookieName(this.#cookie));
    const session = await findPageSession(this.#deps, secret);
    if (session === undefined || secret === undefined) return undefined;
    return { session, formKey: createHash('sha256').update(`form ${secret}`).digest('base64url') };
  }

  #dead(response: ServerResponse): void {
    sendPage(response, 404, deadLinkPage(this.#deps.texts));
  }
}

function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
