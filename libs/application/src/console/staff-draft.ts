/** The journal's entry of what a member of staff did. */
import type { EntryDraft, Instant, StaffBody, StaffPersonal } from '#domain';

export function staffDraft(body: StaffBody, personal: StaffPersonal, at: Instant): EntryDraft {
  const { payer } = personal;
  const draft = { type: 'staff.acted', at, body, personal } as const;
  return payer === undefined ? draft : { ...draft, payerId: payer };
}
