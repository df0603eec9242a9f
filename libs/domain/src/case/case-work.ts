/** The work on a case: who has it, who is on the phone with the payer, what it turned out to be. */
import { MINUTE_MS, type Instant } from '../kernel/instant.ts';

export type CaseLabel = 'scam' | 'legitimate' | 'unsure';

/** One for all holds of a case. */
export interface CaseWork {
  readonly caseId: string;
  readonly payerId: string;
  readonly partition: number;
  readonly assignee?: string;
  /** While it lasts nobody else calls the payer. */
  readonly lock?: { readonly by: string; readonly until: Instant };
  readonly label?: CaseLabel;
  readonly escalatedAt?: Instant;
  readonly firstContactAt?: Instant;
  /** 0 where nobody did anything yet; one more with every change. */
  readonly version: number;
}

/** A lock that is not prolonged ends by itself: a browser that was closed keeps nobody out for longer. */
export const LOCK_MS = 10 * MINUTE_MS;

export type CaseCommand =
  | { readonly type: 'assign'; readonly assignee: string | null }
  | { readonly type: 'lock' }
  | { readonly type: 'unlock'; readonly mayBreak: boolean }
  | { readonly type: 'note' }
  | { readonly type: 'contact' }
  | { readonly type: 'escalate' }
  | { readonly type: 'label'; readonly label: CaseLabel };

export type CaseRefusal = 'locked_by_another' | 'not_locked';

export type CaseVerdict =
  | { readonly ok: true; readonly work: CaseWork; readonly brokeLockOf?: string }
  | { readonly ok: false; readonly code: CaseRefusal; readonly by?: string };

/**
 * The work after a command, or why not. While somebody works on the payer nobody else may log a contact, label the case or take it
 * over; notes and calls for a supervisor are always taken.
 */
export function decideCase(
  work: CaseWork,
  command: CaseCommand,
  by: string,
  now: Instant,
): CaseVerdict {
  const holder = lockHolder(work, now);
  if (holder !== undefined && holder !== by && isExclusive(command)) {
    return { ok: false, code: 'locked_by_another', by: holder };
  }
  switch (command.type) {
    case 'assign': {
      const { assignee: _before, ...rest } = work;
      return changed(command.assignee === null ? rest : { ...rest, assignee: command.assignee });
    }
    case 'lock':
      return changed({
        ...work,
        assignee: work.assignee ?? by,
        lock: { by, until: now + LOCK_MS },
      });
    case 'unlock':
      return unlock(work, holder, holder === by || command.mayBreak, by);
    case 'note':
      return changed(work);
    case 'contact':
      return changed({ ...work, firstContactAt: work.firstContactAt ?? now });
    case 'escalate':
      return changed({ ...work, escalatedAt: work.escalatedAt ?? now });
    case 'label':
      return changed({ ...work, label: command.label });
  }
}

/** Who holds the lock now; a lock whose time is over is none. */
export function lockHolder(work: CaseWork, now: Instant): string | undefined {
  return work.lock !== undefined && work.lock.until > now ? work.lock.by : undefined;
}

function isExclusive(command: CaseCommand): boolean {
  switch (command.type) {
    case 'assign':
    case 'lock':
    case 'contact':
    case 'label':
      return true;
    case 'unlock':
    case 'note':
    case 'escalate':
      return false;
  }
}

function unlock(
  work: CaseWork,
  holder: string | undefined,
  allowed: boolean,
  by: string,
): CaseVerdict {
  if (holder === undefined) return { ok: false, code: 'not_locked' };
  if (!allowed) return { ok: false, code: 'locked_by_another', by: holder };
  const { lock: _lock, ...rest } = work;
  const verdict = changed(rest);
  return holder === by ? verdict : { ...verdict, brokeLockOf: holder };
}

function changed(work: CaseWork): Extract<CaseVerdict, { ok: true }> {
  return { ok: true, work: { ...work, version: work.version + 1 } };
}
