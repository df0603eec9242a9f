/** The life of a policy version: draft, handed in, beside the live one, live, and back. Nobody approves what they wrote. */

export type PolicyState = 'draft' | 'submitted' | 'shadow' | 'active' | 'retired' | 'rejected';

export type PolicyStep = 'change' | 'submit' | 'shadow' | 'activate' | 'reject' | 'rollback';

export type PolicyRefusal = 'wrong_state' | 'not_author' | 'own_policy';

/** From which states a step may be taken, and where it leads. A version that is handed in is never changed again. */
const STEPS: Readonly<
  Record<PolicyStep, { readonly from: readonly PolicyState[]; readonly to: PolicyState }>
> = {
  change: { from: ['draft'], to: 'draft' },
  submit: { from: ['draft'], to: 'submitted' },
  shadow: { from: ['submitted'], to: 'shadow' },
  activate: { from: ['submitted', 'shadow'], to: 'active' },
  reject: { from: ['submitted', 'shadow'], to: 'rejected' },
  rollback: { from: ['retired'], to: 'active' },
};

export interface PolicyStanding {
  readonly state: PolicyState;
  readonly author: string;
}

export type PolicyVerdict =
  | { readonly ok: true; readonly state: PolicyState }
  | { readonly ok: false; readonly code: PolicyRefusal };

/** Whether `by` may take the step now. Going back is not approving: whoever approves may undo at once, also to their own version. */
export function decidePolicy(version: PolicyStanding, step: PolicyStep, by: string): PolicyVerdict {
  const { from, to } = STEPS[step];
  if (!from.includes(version.state)) return { ok: false, code: 'wrong_state' };
  const isAuthor = version.author === by;
  const writes = step === 'change' || step === 'submit';
  if (writes && !isAuthor) return { ok: false, code: 'not_author' };
  if (isAuthor && (step === 'shadow' || step === 'activate' || step === 'reject')) {
    return { ok: false, code: 'own_policy' };
  }
  return { ok: true, state: to };
}
