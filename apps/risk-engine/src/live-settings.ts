/** What batches are decided with: the live policy, looked up beside the batches so that none of them waits for it. */
import { livePolicy, type DecisionSettings } from '#application';
import type { EngineConfig } from '#config';
import { defaultNotices, loadPolicy, makeCodeBook, readPolicy } from '#contracts';
import type { Program } from '#observability';
import type { Database } from '#persistence';

/** A version that was made live decides within this and the batch under way. */
const LOOK_EVERY_MS = 1_000;

/**
 * Gives the same object until another version is live: a batch reads it once, so one version decides all of it. Looks once before it
 * resolves, so that a restart does not decide by an older version; where the database is away it begins with the file's.
 */
export async function liveSettings(
  config: EngineConfig,
  db: Database,
  { log }: Program,
): Promise<() => DecisionSettings> {
  const live = livePolicy(db.policyStore, loadPolicy(config.policyFile), (document) => {
    const read = readPolicy(document);
    return read.ok ? read.policy : undefined;
  });
  const fixed = {
    notices: defaultNotices(),
    codeBook: makeCodeBook(config.codeKeys.reveal()),
  };
  let current: DecisionSettings = { ...fixed, policy: live.current() };
  const look = async (): Promise<void> => {
    try {
      if (!(await live.look())) return;
      const policy = live.current();
      current = { ...fixed, policy };
      log.info('another policy is live', { policyId: policy.id, policyVersion: policy.version });
    } catch (error) {
      log.warn('the live policy cannot be looked up', { error });
    }
  };
  await look();
  setInterval(() => void look(), LOOK_EVERY_MS).unref();
  return () => current;
}
