/** Whether a program lives and whether it can do its work, from named checks, for whatever serves `/health`. */

/** Resolves with nothing when all is well, otherwise with a few words that say what is not. */
export type Check = () => string | undefined | Promise<string | undefined>;

export interface HealthReport {
  readonly ok: boolean;
  /** `ok`, or what is wrong, by the name of the check. */
  readonly checks: Readonly<Record<string, string>>;
}

export interface Health {
  /** Failing means that only a restart helps. */
  addLiveCheck(name: string, check: Check): void;
  /** Failing means that no work should be sent here now. */
  addReadyCheck(name: string, check: Check): void;
  live(): Promise<HealthReport>;
  /** Includes the checks of `live`. */
  ready(): Promise<HealthReport>;
  /** From now on not ready, so that nothing new arrives while the program ends. */
  stopping(): void;
}

/** A check that neither answers nor fails within `timeoutMs` has failed. */
export function makeHealth({ timeoutMs = 2_000 } = {}): Health {
  const live = new Map<string, Check>();
  const ready = new Map<string, Check>();
  let isStopping = false;

  function add(checks: Map<string, Check>, name: string, check: Check): void {
    if (live.has(name) || ready.has(name)) throw new Error(`there is a check ${name} already`);
    checks.set(name, check);
  }

  async function report(checks: readonly (readonly [string, Check])[]): Promise<HealthReport> {
    const results = await Promise.all(
      checks.map(async ([name, check]) => [name, await outcomeOf(check, timeoutMs)] as const),
    );
    return {
      ok: results.every(([, outcome]) => outcome === 'ok'),
      checks: Object.fromEntries(results),
    };
  }

  return {
    addLiveCheck: (name, check) => add(live, name, check),
    addReadyCheck: (name, check) => add(ready, name, check),
    live: () => report([...live]),
    ready: () => {
      const stopping: Check = () => 'stopping';
      return report([...live, ...ready, ...(isStopping ? [['process', stopping] as const] : [])]);
    },
    stopping() {
      isStopping = true;
    },
  };
}

async function outcomeOf(check: Check, timeoutMs: number): Promise<string> {
  const limit = Promise.withResolvers<string>();
  const timer = setTimeout(() => limit.resolve('did not answer in time'), timeoutMs);
  try {
    return (await Promise.race([check(), limit.promise])) ?? 'ok';
  } catch {
    // The error may quote what it was given; the log says more, without that.
    return 'failed';
  } finally {
    clearTimeout(timer);
  }
}
