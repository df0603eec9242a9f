/** `/api/v1/holds`: what is held, and what a person may do about it. */
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { changeHold, type HoldChangeResult, type HoldDeps, type HoldStore } from '#application';
import type { HoldCommand } from '#domain';
import { Needs, callerOf } from '../access/needs.ts';
import { Problem } from '../problem.ts';
import { readHoldId, readInstant, readListQuery, readReason } from './hold-requests.ts';
import { holdView } from './hold-view.ts';
import { refusalProblem } from './refusals.ts';

export const HOLDS = Symbol('holds');
export const HOLD_DEPS = Symbol('hold deps');

@Controller('api/v1/holds')
export class HoldsController {
  readonly #holds: HoldStore;
  readonly #deps: HoldDeps;

  constructor(@Inject(HOLDS) holds: HoldStore, @Inject(HOLD_DEPS) deps: HoldDeps) {
    this.#holds = holds;
    this.#deps = deps;
  }

  @Get()
  @Needs('holds:read')
  async list(@Query() query: Record<string, unknown>): Promise<object> {
    const { holds, nextCursor } = await this.#holds.list(readListQuery(query));
    return { holds: holds.map(holdView), ...(nextCursor === undefined ? {} : { nextCursor }) };
  }

  @Get(':holdId')
  @Needs('holds:read')
  async one(@Param('holdId') holdId: string): Promise<object> {
    const hold = await this.#holds.find(readHoldId(holdId));
    if (hold === undefined) throw new Problem(404, 'hold_unknown', 'there is no such hold');
    return holdView(hold);
  }

  @Post(':holdId/release')
  @HttpCode(200)
  @Needs('holds:release')
  release(
    @Param('holdId') holdId: string,
    @Body() body: unknown,
    @Req() request: IncomingMessage,
  ): Promise<object> {
    // One caller is one person. Two and a contact: see release-requests.
    const command = {
      type: 'release',
      actor: 'analyst',
      reason: readReason(body),
      secondPerson: false,
      contactRecorded: false,
    } as const;
    return this.#change(holdId, command, request);
  }

  @Post(':holdId/cancel')
  @HttpCode(200)
  @Needs('holds:cancel')
  cancel(
    @Param('holdId') holdId: string,
    @Body() body: unknown,
    @Req() request: IncomingMessage,
  ): Promise<object> {
    const command = { type: 'cancel', actor: 'analyst', reason: readReason(body) } as const;
    return this.#change(holdId, command, request);
  }

  @Post(':holdId/extend')
  @HttpCode(200)
  @Needs('holds:extend')
  extend(
    @Param('holdId') holdId: string,
    @Body() body: unknown,
    @Req() request: IncomingMessage,
  ): Promise<object> {
    const command = {
      type: 'extend',
      actor: 'analyst',
      dueAt: readInstant(body, 'dueAt'),
      reason: readReason(body),
    } as const;
    return this.#change(holdId, command, request);
  }

  async #change(holdId: string, command: HoldCommand, request: IncomingMessage): Promise<object> {
    const by = callerOf(request).name;
    const result: HoldChangeResult = await changeHold(this.#deps, {
      holdId: readHoldId(holdId),
      command,
      by,
    });
    if (!result.ok) throw refusalProblem(result.code);
    return { ...holdView(result.hold), ...(result.recalled ? { recalled: true } : {}) };
  }
}
