/** Appeals, police instructions and what a delay cost. */
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import {
  COST_KINDS,
  decideAppeal,
  openAppeal,
  recordCost,
  recordInstruction,
  type CareDeps,
} from '#application';
import { APPEAL_KINDS, parseMinor } from '#domain';
import { Needs, callerOf } from '../access/bearer.guard.ts';
import { appealView, costView, instructionView } from './care-views.ts';
import {
  bad,
  member,
  readHoldId,
  readInstant,
  readKey,
  readListQuery,
  readOneOf,
  readProse,
} from './hold-requests.ts';
import { holdView } from './hold-view.ts';
import { refusalProblem } from './refusals.ts';
import { CARE_DEPS } from './releases.controller.ts';

const TYPED_MAX = 2_000;
const NAME_MAX = 128;

type Query = Record<string, unknown>;

@Controller('api/v1')
export class CareController {
  readonly #deps: CareDeps;

  constructor(@Inject(CARE_DEPS) deps: CareDeps) {
    this.#deps = deps;
  }

  /** Open ones, the next due first; with `due=overdue` those that nobody answered in time. */
  @Get('appeals')
  @Needs('appeals:read')
  async appeals(@Query() query: Query): Promise<object> {
    const { limit, cursor } = readListQuery(query);
    const overdue = query['due'] === 'overdue' ? { dueBefore: this.#deps.clock.now() } : {};
    const page = { limit, ...overdue, ...(cursor === undefined ? {} : { cursor }) };
    const { items, ...more } = await this.#deps.care.appeals(page);
    return { items: items.map(appealView), ...more };
  }

  @Get('holds/:holdId/appeals')
  @Needs('appeals:read')
  async appealsOfHold(@Param('holdId') holdId: string, @Query() query: Query): Promise<object> {
    const { limit, cursor } = readListQuery(query);
    const page = { holdId: readHoldId(holdId), limit, ...(cursor === undefined ? {} : { cursor }) };
    const { items, ...more } = await this.#deps.care.appeals(page);
    return { items: items.map(appealView), ...more };
  }

  /** For a payer on the telephone or in a branch. `emergency`: somebody on duty answers within the policy's minutes. */
  @Post('holds/:holdId/appeals')
  @Needs('appeals:open')
  async open(
    @Param('holdId') holdId: string,
    @Body() body: unknown,
    @Req() request: IncomingMessage,
  ): Promise<object> {
    const typed = member(body, 'typed');
    const result = await openAppeal(this.#deps, {
      holdId: readHoldId(holdId),
      kind: readOneOf(body, 'kind', APPEAL_KINDS),
      origin: 'staff',
      ...(typed === undefined ? {} : { typed: readProse(body, 'typed', TYPED_MAX) }),
      by: callerOf(request).name,
      key: readKey(request.headers),
    });
    if (!result.ok) throw refusalProblem(result.code);
    return appealView(result.appeal);
  }

  @Post('appeals/:appealId/decide')
  @HttpCode(200)
  @Needs('appeals:decide')
  async decide(
    @Param('appealId') appealId: string,
    @Body() body: unknown,
    @Req() request: IncomingMessage,
  ): Promise<object> {
    const result = await decideAppeal(this.#deps, {
      appealId,
      verdict: readOneOf(body, 'verdict', ['upheld', 'rejected']),
      explanation: readProse(body, 'explanation', TYPED_MAX),
      by: callerOf(request).name,
    });
    if (!result.ok) throw refusalProblem(result.code);
    return { ...appealView(result.appeal), hold: holdView(result.hold) };
  }

  @Get('instructions')
  @Needs('instructions:read')
  async instructions(@Query() query: Query): Promise<object> {
    const { limit, cursor } = readListQuery(query);
    const page = { limit, ...(cursor === undefined ? {} : { cursor }) };
    const { items, ...more } = await this.#deps.care.instructions(page);
    return { items: items.map(instructionView), ...more };
  }

  @Post('holds/:holdId/instructions')
  @Needs('instructions:record')
  async instruct(
    @Param('holdId') holdId: string,
    @Body() body: unknown,
    @Req() request: IncomingMessage,
  ): Promise<object> {
    const result = await recordInstruction(this.#deps, {
      holdId: readHoldId(holdId),
      authority: readProse(body, 'authority', NAME_MAX),
      reference: readProse(body, 'reference', NAME_MAX),
      instruction: readOneOf(body, 'instruction', ['stop', 'lift']),
      validUntil: readInstant(body, 'validUntil'),
      by: callerOf(request).name,
      key: readKey(request.headers),
    });
    if (!result.ok) throw refusalProblem(result.code);
    const { instruction, effect, hold } = result;
    return { ...instructionView(instruction), effect, hold: holdView(hold) };
  }

  @Get('holds/:holdId/costs')
  @Needs('holds:read')
  async costs(@Param('holdId') holdId: string): Promise<object> {
    return { items: (await this.#deps.care.costsOf(readHoldId(holdId))).map(costView) };
  }

  @Post('holds/:holdId/costs')
  @Needs('costs:record')
  async cost(
    @Param('holdId') holdId: string,
    @Body() body: unknown,
    @Req() request: IncomingMessage,
  ): Promise<object> {
    const amount = member(body, 'amount');
    const [currency, value] = [member(amount, 'currency'), member(amount, 'value')];
    const minor =
      typeof currency === 'string' && typeof value === 'string'
        ? parseMinor(currency, value)
        : undefined;
    if (typeof currency !== 'string' || minor === undefined) {
      throw bad('amount must be like {"currency":"CNY","value":"15.00"}');
    }
    const result = await recordCost(this.#deps, {
      holdId: readHoldId(holdId),
      kind: readOneOf(body, 'kind', COST_KINDS),
      currency,
      minor,
      by: callerOf(request).name,
      key: readKey(request.headers),
    });
    if (!result.ok) throw refusalProblem(result.code);
    return costView(result.cost);
  }
}
