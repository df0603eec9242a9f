/** The desk's parts, wired: queue, cases, live events, and the loop that follows the journal. */
import type { Provider } from '@nestjs/common';
import { journalTail } from '#application';
import { SYSTEM_CLOCK } from '#config';
import type { Policy } from '#domain';
import type { Logger } from '#observability';
import type { Database } from '#persistence';
import type { CaseWatch } from './case-watch.ts';
import { CASES, CasesController, type CasesDeps } from './cases.controller.ts';
import { LIVE, LiveController, type LiveDeps } from './live.controller.ts';
import { DESK, QueueController, type DeskDeps } from './queue.controller.ts';
import { staffNames } from './staff-names.ts';
import { TailLoop } from './tail-loop.ts';

export const DESK_PARTS = Symbol('desk parts');
export const TAIL = Symbol('tail');

export interface DeskParts {
  readonly database: Database;
  readonly policy: () => Policy;
  readonly log: Logger;
  readonly watch: CaseWatch;
}

/** `DESK_PARTS` is what the application provides; the rest follows from it. */
export const DESK_CONTROLLERS = [QueueController, CasesController, LiveController];

export const DESK_PROVIDERS: readonly Provider[] = [
  part(DESK, deskDeps),
  part(CASES, casesDeps),
  part(LIVE, ({ watch }): LiveDeps => ({ watch, clock: SYSTEM_CLOCK })),
  part(TAIL, ({ database, log, watch }) => {
    const tail = journalTail(database.caseDesk, (change) => watch.holdChanged(change));
    return new TailLoop(tail, log);
  }),
];

function part(provide: symbol, make: (given: DeskParts) => unknown): Provider {
  return { provide, inject: [DESK_PARTS], useFactory: make };
}

function deskDeps({ database }: DeskParts): DeskDeps {
  const names = staffNames(database.sessionStore, SYSTEM_CLOCK);
  return { desk: database.caseDesk, clock: SYSTEM_CLOCK, names };
}

function casesDeps({ database, policy, watch }: DeskParts): CasesDeps {
  const { unitOfWork, caseDesk: desk, journalStore: journal } = database;
  return {
    cases: { unitOfWork, desk, journal, clock: SYSTEM_CLOCK },
    policy,
    care: database.careStore,
    names: staffNames(database.sessionStore, SYSTEM_CLOCK),
    watch,
  };
}
