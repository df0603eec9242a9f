/** What staff did, as it is journaled: the act and what it was about in the leaf; who, to whom and every typed word as commitments. */

export type StaffAct =
  | 'case_assigned'
  | 'case_noted'
  | 'case_contacted'
  | 'case_escalated'
  | 'case_labelled'
  | 'case_lock_broken'
  | 'payer_unmasked'
  | 'release_requested'
  | 'release_approved'
  | 'release_declined'
  | 'policy_drafted'
  | 'policy_changed'
  | 'policy_submitted'
  | 'policy_shadowed'
  | 'policy_activated'
  | 'policy_rejected'
  | 'policy_rolled_back'
  | 'letter_redriven';

// Type aliases, not interfaces: only these are assignable to `Json` without a cast.

export type StaffBody = {
  readonly act: StaffAct;
  readonly caseId?: string;
  readonly holdId?: string;
  readonly label?: string;
  readonly channel?: string;
  readonly outcome?: string;
  readonly reason?: string;
  readonly policyVersionId?: string;
  readonly digest?: string;
  /** Of the policy that was live before. */
  readonly digestBefore?: string;
  readonly letterId?: string;
};

export type StaffPersonal = {
  /** The member of staff. */
  readonly by: string;
  readonly payer?: string;
  readonly assignee?: string;
  readonly text?: string;
  readonly answers?: { readonly [question: string]: string };
};
