/** `/api/v1/quieted-payees`: whom staff vouched for, and until when. */
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { endQuiet, quietPayee, type QuietDeps, type QuietResult } from '#application';
import { Needs, callerOf } from '../access/bearer.guard.ts';
import {
  quietView,
  readQuiet,
  readQuietId,
  readQuietList,
  readQuietReason,
  refusedQuiet,
} from './quiet-requests.ts';

export const QUIET_DEPS = Symbol('quiet deps');

@Controller('api/v1/quieted-payees')
export class QuietsController {
  readonly #deps: QuietDeps;

  constructor(@Inject(QUIET_DEPS) deps: QuietDeps) {
    this.#deps = deps;
  }

  /** Those that have not ended, the soonest to end first. */
  @Get()
  @Needs('payees:quiet')
  async list(@Query() query: Record<string, unknown>): Promise<object> {
    const endsAfter = this.#deps.clock.now();
    const page = await this.#deps.quiets.list({ ...readQuietList(query), endsAfter });
    const { quiets, nextCursor } = page;
    return {
      quietedPayees: quiets.map(quietView),
      ...(nextCursor === undefined ? {} : { nextCursor }),
    };
  }

  @Post()
  @HttpCode(201)
  @Needs('payees:quiet')
  async quiet(@Body() body: unknown, @Req() request: IncomingMessage): Promise<object> {
    return viewOf(await quietPayee(this.#deps, { ...readQuiet(body), by: callerOf(request).name }));
  }

  @Post(':quietId/end')
  @HttpCode(200)
  @Needs('payees:quiet')
  async end(
    @Param('quietId') quietId: string,
    @Body() body: unknown,
    @Req() request: IncomingMessage,
  ): Promise<object> {
    const asked = {
      quietId: readQuietId(quietId),
      reason: readQuietReason(body),
      by: callerOf(request).name,
    };
    return viewOf(await endQuiet(this.#deps, asked));
  }
}

function viewOf(result: QuietResult): object {
  if (!result.ok) throw refusedQuiet(result.code);
  return quietView(result.quiet);
}
