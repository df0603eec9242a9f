/** The fold: assesses a payer's transfers and draws in the one order of events. */
import type { CodeBook } from '../evidence/code-book.ts';
import type { PayerWindow } from '../evidence/payer-window.ts';
import type { Policy } from '../policy/policy.ts';
import type { Signal } from '../signal/signal.ts';
import type { SubjectRef } from '../subject/subject.ts';
import type { Assessment } from './assessment.ts';

export interface AssessmentOptions {
  /** Names holds, so that answers of the payer end them where nothing is on record (the pure assessment). */
  readonly holdIdOf?: (subject: SubjectRef) => string;
  /** The pure assessment over a set of events: what is on record is not looked at. */
  readonly ignoreRecorded?: boolean;
  /** For tests of rule (f). */
  readonly signals?: readonly Signal[];
}

/**
 * Assesses the subjects of the window whose `subjectKey` is among `targets`, in event order; every other subject stands as it is
 * on record. Pure: depends on the set of events, the record and the policy alone.
 */
export function assessPayer(
  window: PayerWindow,
  targets: ReadonlySet<string>,
  policy: Policy,
  codeBook: CodeBook,
  options: AssessmentOptions = {},
): Assessment[] {
  void [window, targets, policy, codeBook, options];
  return [];
}
