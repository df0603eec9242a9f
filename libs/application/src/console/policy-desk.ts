/** What authors and approvers do with policy versions: each step decided, kept and journaled in one transaction. */
import {
  HOUSE_CHAIN,
  decidePolicy,
  type EntryDraft,
  type Instant,
  type Policy,
  type PolicyRefusal,
  type PolicyStep,
  type StaffAct,
} from '#domain';
import type { Clock } from '../ports/clock.ts';
import type { JournalStore } from '../ports/journal-store.ts';
import type { PolicyStore, PolicyVersion } from '../ports/policy-store.ts';
import type { Tx, UnitOfWork } from '../ports/unit-of-work.ts';
import { staffDraft } from './staff-draft.ts';

export interface PolicyDeps {
  readonly unitOfWork: UnitOfWork;
  readonly policies: PolicyStore;
  readonly journal: JournalStore;
  readonly clock: Clock;
  readonly newId: () => string;
}

export type PolicyResult =
  | { readonly ok: true; readonly version: PolicyVersion }
  | {
      readonly ok: false;
      readonly code: PolicyRefusal | 'policy_unknown' | 'version_taken' | 'nothing_before';
    };

export interface DraftRequest {
  readonly title: string;
  /** Read and valid. */
  readonly policy: Policy;
  readonly document: string;
  readonly basedOn?: string;
  readonly by: string;
}

/** Begins a draft. Two versions of one name would make decisions ambiguous: the second is refused. */
export function draftPolicy(deps: PolicyDeps, request: DraftRequest): Promise<PolicyResult> {
  const { title, policy, document, basedOn, by } = request;
  return deps.unitOfWork.run(async (tx): Promise<PolicyResult> => {
    const all = await deps.policies.lockAll(tx);
    if (isTaken(all, policy)) return { ok: false, code: 'version_taken' };
    const at = deps.clock.now();
    const version: PolicyVersion = {
      policyVersionId: deps.newId(),
      policyId: policy.id,
      version: policy.version,
      digest: policy.digest,
      state: 'draft',
      title,
      author: by,
      createdAt: at,
      ...(basedOn === undefined ? {} : { basedOn }),
      origin: 'console',
    };
    await deps.policies.save(tx, version, document);
    await journal(deps, tx, [entry('policy_drafted', version, by, at)]);
    return { ok: true, version };
  });
}

/** Changes one's own draft; what was handed in stays as it is. */
export function changePolicy(
  deps: PolicyDeps,
  id: string,
  request: Omit<DraftRequest, 'basedOn' | 'title'> & { readonly title?: string },
): Promise<PolicyResult> {
  const { policy, document, by } = request;
  return deps.unitOfWork.run(async (tx): Promise<PolicyResult> => {
    const all = await deps.policies.lockAll(tx);
    const known = all.find((one) => one.policyVersionId === id);
    if (known === undefined) return { ok: false, code: 'policy_unknown' };
    const verdict = decidePolicy(known, 'change', by);
    if (!verdict.ok) return verdict;
    if (
      isTaken(
        all.filter((one) => one !== known),
        policy,
      )
    )
      return { ok: false, code: 'version_taken' };
    const { id: policyId, version: name, digest } = policy;
    const version = {
      ...known,
      policyId,
      version: name,
      digest,
      title: request.title ?? known.title,
    };
    await deps.policies.save(tx, version, document);
    await journal(deps, tx, [entry('policy_changed', version, by, deps.clock.now())]);
    return { ok: true, version };
  });
}

function isTaken(all: readonly PolicyVersion[], policy: Policy): boolean {
  return all.some(({ policyId, version }) => policyId === policy.id && version === policy.version);
}

const ACT_OF_STEP: Readonly<Record<Exclude<PolicyStep, 'change' | 'rollback'>, StaffAct>> = {
  submit: 'policy_submitted',
  shadow: 'policy_shadowed',
  activate: 'policy_activated',
  reject: 'policy_rejected',
};

/** Takes a step with a version. Whatever was live or beside before makes room. */
export function stepPolicy(
  deps: PolicyDeps,
  id: string,
  step: keyof typeof ACT_OF_STEP,
  { by, comment }: { readonly by: string; readonly comment?: string },
): Promise<PolicyResult> {
  return deps.unitOfWork.run(async (tx): Promise<PolicyResult> => {
    const all = await deps.policies.lockAll(tx);
    const known = all.find((one) => one.policyVersionId === id);
    if (known === undefined) return { ok: false, code: 'policy_unknown' };
    const verdict = decidePolicy(known, step, by);
    if (!verdict.ok) return verdict;
    const at = deps.clock.now();
    const version = { ...known, state: verdict.state, ...timesOf(step, by, at) };
    const before = await makeRoom(deps, tx, all, version, at);
    await deps.policies.save(tx, version);
    await journal(deps, tx, [entry(ACT_OF_STEP[step], version, by, at, { comment, before })]);
    return { ok: true, version };
  });
}

/** Makes the version that was live before the present one live again. */
export function rollBackPolicy(
  deps: PolicyDeps,
  { by, comment }: { readonly by: string; readonly comment?: string },
): Promise<PolicyResult> {
  return deps.unitOfWork.run(async (tx): Promise<PolicyResult> => {
    const all = await deps.policies.lockAll(tx);
    const [last] = all
      .filter((one) => one.state === 'retired')
      .sort((a, b) => (b.retiredAt ?? 0) - (a.retiredAt ?? 0));
    if (last === undefined) return { ok: false, code: 'nothing_before' };
    const verdict = decidePolicy(last, 'rollback', by);
    if (!verdict.ok) return verdict;
    const at = deps.clock.now();
    const { retiredAt: _retiredAt, ...rest } = last;
    const version = { ...rest, state: verdict.state, approver: by, activatedAt: at };
    const before = await makeRoom(deps, tx, all, version, at);
    await deps.policies.save(tx, version);
    await journal(deps, tx, [entry('policy_rolled_back', version, by, at, { comment, before })]);
    return { ok: true, version };
  });
}

function timesOf(step: PolicyStep, by: string, at: Instant): Partial<PolicyVersion> {
  switch (step) {
    case 'submit':
      return { submittedAt: at };
    case 'shadow':
      return { shadowAt: at, approver: by };
    case 'activate':
    case 'rollback':
      return { activatedAt: at, approver: by };
    case 'reject':
      return { approver: by };
    case 'change':
      return {};
  }
}

/** The live version retires for a new one; the one beside goes back to those handed in. Returns the digest that was live. */
async function makeRoom(
  deps: PolicyDeps,
  tx: Tx,
  all: readonly PolicyVersion[],
  next: PolicyVersion,
  at: Instant,
): Promise<string | undefined> {
  if (next.state !== 'active' && next.state !== 'shadow') return undefined;
  const before = all.find(
    (one) => one.state === next.state && one.policyVersionId !== next.policyVersionId,
  );
  if (before === undefined) return undefined;
  const gone =
    next.state === 'active'
      ? { ...before, state: 'retired' as const, retiredAt: at }
      : { ...before, state: 'submitted' as const };
  await deps.policies.save(tx, gone);
  return next.state === 'active' ? before.digest : undefined;
}

/**
 * Records what the programs were started with as the live version, where the console has made no other one live. A file that changed
 * since takes the place of the one before.
 */
export function recordFilePolicy(
  deps: PolicyDeps,
  policy: Policy,
  document: string,
): Promise<void> {
  return deps.unitOfWork.run(async (tx) => {
    const all = await deps.policies.lockAll(tx);
    const live = all.find(({ state }) => state === 'active');
    if (live?.origin === 'console' || live?.digest === policy.digest) return;
    const at = deps.clock.now();
    const version: PolicyVersion = {
      policyVersionId: deps.newId(),
      policyId: policy.id,
      version: policy.version,
      digest: policy.digest,
      state: 'active',
      title: `${policy.id} ${policy.version}`,
      author: 'file',
      createdAt: at,
      activatedAt: at,
      origin: 'file',
    };
    const before = await makeRoom(deps, tx, all, version, at);
    await deps.policies.save(tx, version, document);
    await journal(deps, tx, [entry('policy_activated', version, 'file', at, { before })]);
  });
}

function journal(deps: PolicyDeps, tx: Tx, drafts: readonly EntryDraft[]): Promise<unknown> {
  return deps.journal.append(tx, new Map([[HOUSE_CHAIN, drafts]]));
}

interface Beside {
  readonly comment?: string | undefined;
  readonly before?: string | undefined;
}

function entry(
  act: StaffAct,
  { policyVersionId, digest }: PolicyVersion,
  by: string,
  at: Instant,
  { comment, before }: Beside = {},
): EntryDraft {
  return staffDraft(
    { act, policyVersionId, digest, ...(before === undefined ? {} : { digestBefore: before }) },
    { by, ...(comment === undefined ? {} : { text: comment }) },
    at,
  );
}
