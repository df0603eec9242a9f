/** What the development issuer remembers, in its own memory and until it ends: it serves one person's machine. */
import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Kept {
  readonly payload: AdapterPayload;
  /** Epoch milliseconds. */
  readonly until: number;
}

/** Every model of one issuer; never more than a person at a terminal makes. */
const kept = new Map<string, Kept>();

/** One model's rows, as the issuer asks for them. */
export class DevMemory implements Adapter {
  readonly #model: string;

  constructor(model: string) {
    this.#model = model;
  }

  upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
    const until = expiresIn > 0 ? Date.now() + expiresIn * 1_000 : Number.POSITIVE_INFINITY;
    kept.set(this.#key(id), { payload, until });
    return Promise.resolve();
  }

  find(id: string): Promise<AdapterPayload | undefined> {
    const found = kept.get(this.#key(id));
    return Promise.resolve(
      found === undefined || found.until <= Date.now() ? undefined : found.payload,
    );
  }

  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve(this.#first((payload) => payload.uid === uid));
  }

  findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve(this.#first((payload) => payload.userCode === userCode));
  }

  async consume(id: string): Promise<void> {
    const payload = await this.find(id);
    if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1_000);
  }

  destroy(id: string): Promise<void> {
    kept.delete(this.#key(id));
    return Promise.resolve();
  }

  revokeByGrantId(grantId: string): Promise<void> {
    for (const [key, { payload }] of kept) if (payload.grantId === grantId) kept.delete(key);
    return Promise.resolve();
  }

  #key(id: string): string {
    return `${this.#model}\n${id}`;
  }

  #first(matches: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    const prefix = this.#key('');
    for (const [key, { payload, until }] of kept) {
      if (key.startsWith(prefix) && until > Date.now() && matches(payload)) return payload;
    }
    return undefined;
  }
}
