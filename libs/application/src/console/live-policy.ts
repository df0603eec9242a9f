/** The policy that a program decides with: the file's, until the console makes another version live. */
import type { Policy } from '#domain';
import type { PolicyStore } from '../ports/policy-store.ts';

export interface LivePolicy {
  /** The same object until the next `look`: whoever reads it once per batch decides the whole batch by one version. */
  current(): Policy;
  /** Looks whether another version is live by now; true when `current` has changed. Where the look fails the policy stays. */
  look(): Promise<boolean>;
}

/** `read` gives the policy of a document that was valid when it was stored; undefined where this program cannot read it. */
export function livePolicy(
  policies: Pick<PolicyStore, 'live' | 'documentOf'>,
  file: Policy,
  read: (document: string) => Policy | undefined,
): LivePolicy {
  let current = file;
  return {
    current: () => current,
    async look() {
      const live = await policies.live();
      // Another program may have been started with another file: each goes by its own.
      const wanted = live === undefined || live.origin === 'file' ? file.digest : live.digest;
      if (wanted === current.digest) return false;
      if (wanted === file.digest) {
        current = file;
        return true;
      }
      const document = await policies.documentOf(live?.policyVersionId ?? '');
      const policy = document === undefined ? undefined : read(document);
      if (policy === undefined || policy.digest !== wanted) return false;
      current = policy;
      return true;
    },
  };
}
