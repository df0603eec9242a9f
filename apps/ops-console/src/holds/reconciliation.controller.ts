/** `/api/v1/reconciliation`: where the engine and the processor disagree, and what waits for people. */
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { reconcile, type CareDeps } from '#application';
import { formatInstant } from '#domain';
import { Needs } from '../access/bearer.guard.ts';
import { readListQuery } from './hold-requests.ts';
import { holdView } from './hold-view.ts';
import { CARE_DEPS } from './releases.controller.ts';

@Controller('api/v1/reconciliation')
export class ReconciliationController {
  readonly #deps: CareDeps;

  constructor(@Inject(CARE_DEPS) deps: CareDeps) {
    this.#deps = deps;
  }

  @Get()
  @Needs('reconciliation:read')
  async report(@Query() query: Record<string, unknown>): Promise<object> {
    const { limit } = readListQuery(query);
    const { at, counts, holds } = await reconcile(this.#deps, this.#deps.clock.now(), limit);
    return {
      at: formatInstant(at),
      counts,
      unacknowledged: holds.unacknowledged.map(holdView),
      raised: holds.raised.map(holdView),
      recalled: holds.recalled.map(holdView),
      overdue: holds.overdue.map(holdView),
    };
  }
}
