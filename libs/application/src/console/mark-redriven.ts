/** Notes that a refused record's producer was asked to send it again. */
import type { SealedEntry } from '#domain';
import type { Clock } from '../ports/clock.ts';
import type { JournalStore } from '../ports/journal-store.ts';
import type { OverviewReads } from '../ports/overview-reads.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { staffDraft } from './staff-draft.ts';

export interface LetterDeps {
  readonly reads: Pick<OverviewReads, 'journal'>;
  readonly unitOfWork: UnitOfWork;
  readonly journal: JournalStore;
  readonly clock: Clock;
}

/** `letterId` is `<chain>-<sequence>` of the refusal's entry. Undefined where no refusal stands there; then nothing is written. */
export async function markRedriven(
  { reads, unitOfWork, journal, clock }: LetterDeps,
  { letterId, by, comment }: { letterId: string; by: string; comment?: string },
): Promise<{ readonly entry: SealedEntry; readonly at: number } | undefined> {
  const [chain, sequence] = /^(\d{1,5})-(\d{1,15})$/.exec(letterId)?.slice(1).map(Number) ?? [];
  if (chain === undefined || sequence === undefined) return undefined;
  const [entry] = await reads.journal(chain, sequence + 1, 1);
  if (entry?.type !== 'record.refused' || entry.sequence !== sequence) return undefined;
  const at = clock.now();
  const said = comment === undefined ? {} : { text: comment };
  const draft = staffDraft({ act: 'letter_redriven', letterId }, { by, ...said }, at);
  await unitOfWork.run((tx) => journal.append(tx, new Map([[chain, [draft]]])));
  return { entry, at };
}
