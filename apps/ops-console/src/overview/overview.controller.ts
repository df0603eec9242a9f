/** `/api/v1/overview`, lists, the journal and refused records: for whoever looks at the whole instead of a case. */
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import type { Static } from 'typebox';
import type { IncomingMessage } from 'node:http';
import {
  markRedriven,
  type Clock,
  type JournalStore,
  type OverviewReads,
  type OverviewTotals,
  type UnitOfWork,
} from '#application';
import {
  DAY_MS,
  HOUR_MS,
  SIGNALS,
  formatInstant,
  type Json,
  type Policy,
  type RefusedBody,
  type RefusedPersonal,
  type SealedEntry,
} from '#domain';
import { Needs, staffOf } from '../access/needs.ts';
import * as actions from '../api/actions.ts';
import type * as desk from '../api/desk.ts';
import { JournalQuery } from '../api/desk.ts';
import { OverviewQuery, type Overview } from '../api/overview.ts';
import { PageQuery } from '../api/queue.ts';
import { readEntry } from '../cases/journal-items.ts';
import { maskAccount } from '../cases/mask.ts';
import { moneyView } from '../cases/queue-view.ts';
import { Problem } from '../problem.ts';
import { readBody, readQuery } from '../reading.ts';
import { readPlace, writePlace } from './places.ts';

export const OVERVIEW = Symbol('overview');

export interface OverviewDeps {
  readonly reads: OverviewReads;
  readonly unitOfWork: UnitOfWork;
  readonly journal: JournalStore;
  readonly policy: () => Policy;
  readonly clock: Clock;
}

const LIMIT = 50;

@Controller('api/v1')
export class OverviewController {
  readonly #deps: OverviewDeps;

  constructor(@Inject(OVERVIEW) deps: OverviewDeps) {
    this.#deps = deps;
  }

  @Get('overview')
  @Needs('overview:read')
  async overview(@Query() query: unknown): Promise<Overview> {
    const days = Number(readQuery(OverviewQuery, query).days ?? 7);
    const { reads, clock } = this.#deps;
    const bucket = days <= 2 ? 'hour' : 'day';
    const bucketMs = bucket === 'hour' ? HOUR_MS : DAY_MS;
    const now = clock.now();
    // Whole buckets, the present one last.
    const to = Math.floor(now / bucketMs) * bucketMs + bucketMs;
    const from = to - days * DAY_MS;
    const [series, totals, money, reasons] = await Promise.all([
      reads.series(from, to, bucketMs),
      reads.totals(from, now),
      reads.protectedMoney(from),
      reads.reasons(from),
    ]);
    return {
      from: formatInstant(from),
      to: formatInstant(to),
      bucket,
      series: series.map(({ at, ...counts }) => ({ at: formatInstant(at), ...counts })),
      totals: {
        ...totalsView(totals),
        protected: money.map(({ currency, minor }) => moneyView(currency, minor)),
      },
      byTier: { T2: totals.T2, T3: totals.T3, T4: totals.T4 },
      reasons: reasons.map(({ code, holds }) => ({ code, sees: seesOf(code), holds })),
      feeds: [],
    };
  }

  @Get('lists/payees')
  @Needs('lists:read')
  lists(@Query() query: unknown): Static<typeof desk.ListedPayees> {
    const { limit, cursor } = readQuery(PageQuery, query);
    const start = /^\d{1,6}$/.test(cursor ?? '') ? Number(cursor) : 0;
    const end = start + Number(limit ?? LIMIT);
    const { listedPayees } = this.#deps.policy();
    const items = listedPayees.slice(start, end).map((payee) => ({
      payee: maskAccount(payee),
      list: 'block' as const,
      origin: 'policy' as const,
    }));
    return { items, ...(end < listedPayees.length ? { nextCursor: String(end) } : {}) };
  }

  @Get('journal')
  @Needs('journal:read')
  async entries(@Query() query: unknown): Promise<Static<typeof desk.JournalPage>> {
    const { chain, limit, cursor } = readQuery(JournalQuery, query);
    const before = /^\d{1,15}$/.test(cursor ?? '') ? Number(cursor) : Number.MAX_SAFE_INTEGER;
    const count = Number(limit ?? LIMIT);
    const entries = await this.#deps.reads.journal(Number(chain ?? 0), before, count);
    const last = entries.at(-1);
    return {
      items: entries.map(journalLine),
      ...(last === undefined || entries.length < count || last.sequence === 1
        ? {}
        : { nextCursor: String(last.sequence) }),
    };
  }

  @Get('dead-letters')
  @Needs('letters:read')
  async letters(@Query() query: unknown): Promise<Static<typeof desk.DeadLetters>> {
    const { limit, cursor } = readQuery(PageQuery, query);
    const count = Number(limit ?? LIMIT);
    const entries = await this.#deps.reads.refused(count + 1, readPlace(cursor));
    const shown = entries.slice(0, count);
    const last = shown.at(-1);
    return {
      items: shown.map(letterView),
      ...(last === undefined || entries.length <= count ? {} : { nextCursor: writePlace(last) }),
    };
  }

  /** The producer sends it again, from its own side: what was refused here is redacted and cannot be. */
  @Post('dead-letters/:letterId/redrive')
  @HttpCode(200)
  @Needs('letters:redrive')
  async redrive(
    @Param('letterId') letterId: string,
    @Body() body: unknown,
    @Req() request: IncomingMessage,
  ): Promise<desk.DeadLetter> {
    const { comment } = readBody(actions.DecideRequest, body);
    const caller = staffOf(request);
    const asked = { letterId, by: caller.name, ...(comment === undefined ? {} : { comment }) };
    const marked = await markRedriven(this.#deps, asked);
    if (marked === undefined) {
      throw new Problem(404, 'letter_unknown', 'there is no such refused record');
    }
    const by = { userId: caller.name, name: caller.displayName };
    return { ...letterView(marked.entry), redriven: { at: formatInstant(marked.at), by } };
  }
}

function totalsView(totals: OverviewTotals): Omit<Overview['totals'], 'protected'> {
  const { unacknowledged, tooLate, T2: _T2, T3: _T3, T4: _T4, ...rest } = totals;
  return { ...rest, unacknowledgedOrders: unacknowledged, tooLate };
}

function seesOf(code: string): Overview['reasons'][number]['sees'] {
  const signal = SIGNALS.find((one) => one.code === code);
  return signal === undefined
    ? { 'zh-CN': code, en: code }
    : { 'zh-CN': signal.sees['zh-CN'], en: signal.sees.en };
}

function journalLine(entry: SealedEntry): Static<typeof desk.JournalLine> {
  const { body } = JSON.parse(entry.canonical) as { readonly body: Json };
  return {
    chain: entry.chain,
    sequence: entry.sequence,
    type: entry.type,
    at: formatInstant(entry.at),
    leafHash: entry.leafHash,
    body,
  };
}

/** Without its value: that is full of accounts. Whoever needs it has the dead-letter topic. */
function letterView(entry: SealedEntry): desk.DeadLetter {
  const { at, body, personal } = readEntry<RefusedBody, RefusedPersonal>(entry);
  return {
    letterId: `${entry.chain}-${entry.sequence}`,
    at,
    topic: body.topic,
    partition: body.partition,
    offset: body.offset,
    code: body.code,
    ...(personal.letter === undefined ? {} : { detail: personal.letter.errorDetail }),
  };
}
