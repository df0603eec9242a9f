/** The worker's rounds over alerts: handed to the platform's messaging at once, again with growing gaps, and raised where they do not arrive. */
import { TransientFault, deliverAlerts, type AlertDeps, type AlertMessage } from '#application';
import { encodeEntry } from '#contracts';
import type { SealedEntry } from '#domain';
import type { Program } from '#observability';

const POLL_MS = 500;

export class AlertRounds {
  readonly #deps: AlertDeps;
  readonly #program: Pick<Program, 'log' | 'metrics' | 'fatal'>;
  #stopping = false;
  #running: Promise<void> | undefined;
  #wake: (() => void) | undefined;

  constructor(deps: AlertDeps, program: Pick<Program, 'log' | 'metrics' | 'fatal'>) {
    this.#deps = deps;
    this.#program = program;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Ends the round under way. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      try {
        const { delivered, failed, raised } = await deliverAlerts(this.#deps);
        const { alertsTotal } = this.#program.metrics;
        alertsTotal.inc({ result: 'delivered' }, delivered);
        alertsTotal.inc({ result: 'failed' }, failed);
        alertsTotal.inc({ result: 'overdue' }, raised);
        if (raised > 0) this.#program.log.error('alerts have not arrived', { count: raised });
      } catch (error) {
        if (!(error instanceof TransientFault)) {
          this.#program.fatal(error instanceof Error ? error : new Error('threw no error'));
          return;
        }
        this.#program.metrics.databaseTransientFaultsTotal.inc();
        this.#program.log.warn('trying again', { error });
      }
      await this.#pause();
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, POLL_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** The CloudEvent that Kafka carries in binary mode, in structured mode; undefined where a value of the entry was erased. */
export function encodeAlert(entry: SealedEntry): AlertMessage | undefined {
  const [message] = encodeEntry(entry);
  if (message === undefined) return undefined;
  const { headers, value } = message;
  const id = String(headers['ce_id']);
  const event = {
    specversion: '1.0',
    id,
    source: headers['ce_source'],
    type: headers['ce_type'],
    time: headers['ce_time'],
    datacontenttype: 'application/json',
    data: JSON.parse(String(value)) as unknown,
  };
  return { id, body: JSON.stringify(event) };
}
