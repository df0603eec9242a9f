/** `/api/v1/queue` and `/api/v1/views`: what is held, and the filters that people keep. */
import { randomUUID } from 'node:crypto';
import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Req,
} from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import type { CaseDesk, Clock } from '#application';
import { Needs, staffOf } from '../access/needs.ts';
import {
  QueueFilter,
  QueueQuery,
  SaveView,
  type QueueCounts,
  type QueuePage,
  type SavedView,
} from '../api/queue.ts';
import { Problem } from '../problem.ts';
import { readBody, readQuery, readUuid } from '../reading.ts';
import { queueQuery } from './queue-query.ts';
import { queueItem } from './queue-view.ts';
import type { StaffNames } from './staff-names.ts';

export const DESK = Symbol('desk');

export interface DeskDeps {
  readonly desk: CaseDesk;
  readonly clock: Clock;
  readonly names: () => Promise<StaffNames>;
}

const VIEWS_MAX = 50;

@Controller('api/v1')
export class QueueController {
  readonly #deps: DeskDeps;

  constructor(@Inject(DESK) deps: DeskDeps) {
    this.#deps = deps;
  }

  @Get('queue')
  @Needs('cases:read')
  async queue(@Query() query: unknown, @Req() request: IncomingMessage): Promise<QueuePage> {
    const { desk, clock, names } = this.#deps;
    const asked = queueQuery(readQuery(QueueQuery, query), staffOf(request).name);
    const [{ rows, nextCursor }, who] = await Promise.all([desk.queue(asked), names()]);
    const items = rows.map((row) => queueItem(row, who, clock.now()));
    return { items, ...(nextCursor === undefined ? {} : { nextCursor }) };
  }

  @Get('queue/counts')
  @Needs('cases:read')
  async counts(@Req() request: IncomingMessage): Promise<QueueCounts> {
    const { desk, clock } = this.#deps;
    const { T2, T3, T4, ...rest } = await desk.counts(staffOf(request).name, clock.now());
    return { ...rest, byTier: { T2, T3, T4 } };
  }

  @Get('views')
  @Needs('cases:read')
  async views(@Req() request: IncomingMessage): Promise<{ items: SavedView[] }> {
    const views = await this.#deps.desk.views(staffOf(request).name);
    const items = views.map(({ viewId, name, filter }) => ({
      viewId,
      name,
      filter: readBody(QueueFilter, JSON.parse(filter)),
    }));
    return { items };
  }

  @Post('views')
  @HttpCode(200)
  @Needs('cases:read')
  async save(@Body() body: unknown, @Req() request: IncomingMessage): Promise<SavedView> {
    const { name, filter } = readBody(SaveView, body);
    const { desk } = this.#deps;
    const { name: userId } = staffOf(request);
    if ((await desk.views(userId)).length >= VIEWS_MAX) {
      throw new Problem(409, 'too_many_views', `keep at most ${VIEWS_MAX} views: delete one first`);
    }
    const view = { viewId: randomUUID(), name, filter };
    await desk.saveView(userId, { ...view, filter: JSON.stringify(filter) });
    return view;
  }

  @Delete('views/:viewId')
  @HttpCode(204)
  @Needs('cases:read')
  async remove(@Param('viewId') viewId: string, @Req() request: IncomingMessage): Promise<void> {
    const id = readUuid(viewId, 'view');
    if (await this.#deps.desk.deleteView(staffOf(request).name, id)) return;
    throw new Problem(404, 'view_unknown', 'there is no such view of yours');
  }
}
