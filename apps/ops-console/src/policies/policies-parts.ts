/** The policy desk's parts, wired: versions, the live one for this program, and the loop that weighs beside it. */
import { randomUUID } from 'node:crypto';
import type { Provider } from '@nestjs/common';
import { livePolicy, recordFilePolicy, type LivePolicy, type PolicyDeps } from '#application';
import { SYSTEM_CLOCK } from '#config';
import { loadPolicy, readPolicy } from '#contracts';
import type { Logger } from '#observability';
import type { Database } from '#persistence';
import { DESK_PARTS, type DeskParts } from '../cases/desk.ts';
import { staffNames } from '../cases/staff-names.ts';
import { POLICIES, PoliciesController, type PoliciesDeps } from './policies.controller.ts';
import { documentText } from './policy-texts.ts';
import { ShadowLoop } from './shadow-loop.ts';

export const LIVE_POLICY = Symbol('live policy');
export const SHADOW = Symbol('shadow');

export const POLICY_CONTROLLERS = [PoliciesController];

export const POLICY_PROVIDERS: readonly Provider[] = [
  {
    provide: POLICIES,
    inject: [DESK_PARTS, LIVE_POLICY],
    useFactory: ({ database, watch }: DeskParts, live: LivePolicy): PoliciesDeps => ({
      policies: policyDeps(database),
      live: () => live.current(),
      names: staffNames(database.sessionStore, SYSTEM_CLOCK),
      watch,
    }),
  },
  {
    provide: SHADOW,
    inject: [DESK_PARTS, LIVE_POLICY],
    useFactory: ({ database, log }: DeskParts, live: LivePolicy): ShadowLoop =>
      new ShadowLoop({ policies: database.policyStore, desk: database.caseDesk, live, log }),
  },
];

function policyDeps(database: Database): PolicyDeps {
  return {
    unitOfWork: database.unitOfWork,
    policies: database.policyStore,
    journal: database.journalStore,
    clock: SYSTEM_CLOCK,
    newId: randomUUID,
  };
}

/** Records the file's policy as a version and begins with whichever is live. A database that is away is no reason not to start. */
export async function openLivePolicy(
  database: Database,
  policyFile: string | undefined,
  log: Logger,
): Promise<LivePolicy> {
  const file = loadPolicy(policyFile);
  const live = livePolicy(database.policyStore, file, (document) => {
    const read = readPolicy(document);
    return read.ok ? read.policy : undefined;
  });
  try {
    const { digest: _digest, ...document } = file;
    await recordFilePolicy(policyDeps(database), file, documentText(document));
    await live.look();
  } catch (error) {
    log.warn('the live policy cannot be looked up yet', { error });
  }
  return live;
}
