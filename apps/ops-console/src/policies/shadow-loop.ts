/** Weighs every new decision under the version beside the live one, and looks which version is live. */
import { setTimeout as pause } from 'node:timers/promises';
import {
  TransientFault,
  besideDecision,
  type CaseDesk,
  type LivePolicy,
  type PolicyStore,
  type PolicyVersion,
} from '#application';
import { readPolicy } from '#contracts';
import type { Policy } from '#domain';
import type { Logger } from '#observability';

const EVERY_MS = 1_000;
const ENTRIES_PER_STEP = 1_000;

export interface ShadowParts {
  readonly policies: PolicyStore;
  readonly desk: Pick<CaseDesk, 'heads'>;
  readonly live: LivePolicy;
  readonly log: Logger;
}

export class ShadowLoop {
  readonly #parts: ShadowParts;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #beside: { readonly id: string; readonly policy: Policy } | undefined;

  constructor(parts: ShadowParts) {
    this.#parts = parts;
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const more = await this.#step();
      if (!more) await pause(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #step(): Promise<boolean> {
    const { policies, live, log } = this.#parts;
    try {
      await live.look();
      const beside = await policies.beside();
      return beside === undefined ? false : await this.#weigh(beside);
    } catch (error) {
      if (error instanceof TransientFault) {
        log.warn('policies cannot be looked up for the moment', { error });
      } else log.error('looking up policies failed', { error });
      return false;
    }
  }

  async #weigh(version: PolicyVersion): Promise<boolean> {
    const { policies, desk } = this.#parts;
    const { policyVersionId: id, shadowAt: since = version.createdAt } = version;
    const policy = await this.#policyOf(id);
    if (policy === undefined) return false;
    let more = false;
    for (const { chain, head } of await desk.heads()) {
      const from = await policies.shadowPosition(id, chain, since);
      if (from >= head) continue;
      const { decisions, upTo } = await policies.decisionsAfter(chain, from, ENTRIES_PER_STEP);
      const decided = decisions.flatMap((decision) => besideDecision(decision, policy) ?? []);
      await policies.keepShadow(id, { chain, from, upTo }, decided);
      more ||= upTo < head;
    }
    return more;
  }

  async #policyOf(id: string): Promise<Policy | undefined> {
    if (this.#beside?.id === id) return this.#beside.policy;
    const document = await this.#parts.policies.documentOf(id);
    const read = document === undefined ? undefined : readPolicy(document);
    if (read?.ok !== true) return undefined;
    this.#beside = { id, policy: read.policy };
    return read.policy;
  }
}
