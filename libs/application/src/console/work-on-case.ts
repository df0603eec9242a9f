/** One act of a person about a case: decided by the case's rules, kept and journaled in one transaction. */
import {
  decideCase,
  type CaseCommand,
  type CaseRefusal,
  type CaseWork,
  type EntryDraft,
  type Instant,
  type StaffBody,
  type StaffPersonal,
} from '#domain';
import type { CaseDesk } from '../ports/case-desk.ts';
import type { Clock } from '../ports/clock.ts';
import type { JournalStore } from '../ports/journal-store.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { staffDraft } from './staff-draft.ts';

export interface CaseDeps {
  readonly unitOfWork: UnitOfWork;
  readonly desk: CaseDesk;
  readonly journal: JournalStore;
  readonly clock: Clock;
}

export interface CaseAct {
  readonly caseId: string;
  readonly command: CaseCommand;
  /** The member of staff. */
  readonly by: string;
  /** What goes into the journal beside the act itself. */
  readonly said?: Pick<StaffPersonal, 'text' | 'answers'> &
    Pick<StaffBody, 'channel' | 'outcome' | 'reason'>;
}

export type CaseResult =
  | { readonly ok: true; readonly work: CaseWork; readonly at: Instant }
  | { readonly ok: false; readonly code: CaseRefusal | 'case_unknown'; readonly by?: string };

/** Does it, or says why not. Locks come and go without an entry, unless somebody else's is broken; everything else is journaled. */
export function workOnCase(deps: CaseDeps, act: CaseAct): Promise<CaseResult> {
  return deps.unitOfWork.run(async (tx): Promise<CaseResult> => {
    const work = await deps.desk.lockCase(tx, act.caseId);
    if (work === undefined) return { ok: false, code: 'case_unknown' };
    const at = deps.clock.now();
    const verdict = decideCase(work, act.command, act.by, at);
    if (!verdict.ok) return verdict;
    const draft = draftOf(act, work, verdict.brokeLockOf, at);
    await Promise.all([
      deps.desk.saveWork(tx, verdict.work),
      ...(draft === undefined
        ? []
        : [deps.journal.append(tx, new Map([[work.partition, [draft]]]))]),
    ]);
    return { ok: true, work: verdict.work, at };
  });
}

function draftOf(
  { caseId, command, by, said }: CaseAct,
  { payerId }: CaseWork,
  brokeLockOf: string | undefined,
  at: Instant,
): EntryDraft | undefined {
  const { channel, outcome, reason, text, answers } = said ?? {};
  const personal = {
    by,
    payer: payerId,
    ...(text === undefined ? {} : { text }),
    ...(answers === undefined ? {} : { answers }),
  };
  const body = { caseId, ...(reason === undefined ? {} : { reason }) };
  switch (command.type) {
    case 'lock':
      return undefined;
    case 'unlock': {
      if (brokeLockOf === undefined) return undefined;
      return staffDraft(
        { ...body, act: 'case_lock_broken' },
        { ...personal, assignee: brokeLockOf },
        at,
      );
    }
    case 'assign': {
      const { assignee } = command;
      const whom = assignee === null ? personal : { ...personal, assignee };
      return staffDraft({ ...body, act: 'case_assigned' }, whom, at);
    }
    case 'note':
      return staffDraft({ ...body, act: 'case_noted' }, personal, at);
    case 'contact':
      return staffDraft(
        {
          ...body,
          act: 'case_contacted',
          ...(channel === undefined ? {} : { channel }),
          ...(outcome === undefined ? {} : { outcome }),
        },
        personal,
        at,
      );
    case 'escalate':
      return staffDraft({ ...body, act: 'case_escalated' }, personal, at);
    case 'label':
      return staffDraft({ ...body, act: 'case_labelled', label: command.label }, personal, at);
  }
}
