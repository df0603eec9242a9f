/** Nest's view of the input log: a transport that listens and closes. Nest wires; records never pass through it. */
import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import type { InputLog, InputLogListener } from '#application';
import type { MessagingLog } from './connection.ts';
import { within } from './within.ts';

export interface InputLogServerOptions {
  readonly log: InputLog;
  /** The engine. */
  readonly listener: InputLogListener;
  /** Finishes what was begun and lets go of the partitions; records that still come meanwhile are the listener's to drop. */
  readonly drain?: () => Promise<void>;
  /** Of draining and leaving together. */
  readonly closeMsMax?: number;
  readonly messagingLog?: MessagingLog;
}

interface InputLogEvents extends Record<string, Function> {
  failed: (error: Error) => void;
}
export type InputLogStatus = 'connected' | 'disconnected' | 'failed';

const CLOSE_MS_MAX = 10_000;

/** Starts the log on `listen`; on `close` drains, then leaves, within a deadline. */
export class InputLogServer
  extends Server<InputLogEvents, InputLogStatus>
  implements CustomTransportStrategy
{
  override readonly transportId = Symbol('lengjing-input-log');
  readonly #options: InputLogServerOptions;
  readonly #failedCallbacks: ((error: Error) => void)[] = [];
  #closing: Promise<void> | undefined;

  constructor(options: InputLogServerOptions) {
    super();
    this.#options = options;
  }

  /** Calls back without an argument once the log delivers, with the error when it cannot start. */
  async listen(callback: (error?: unknown) => void): Promise<void> {
    const { log, listener } = this.#options;
    try {
      await log.start(this.#observed(listener));
    } catch (error) {
      this._status$.next('failed');
      callback(error);
      return;
    }
    this._status$.next('connected');
    callback();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  on<Event extends keyof InputLogEvents>(event: Event, callback: InputLogEvents[Event]): void {
    if (event === 'failed') this.#failedCallbacks.push((error) => void callback(error));
  }

  unwrap(): never {
    throw new Error('whoever wires the input log has it: there is no client to unwrap');
  }

  async #close(): Promise<void> {
    const { log, drain, closeMsMax = CLOSE_MS_MAX, messagingLog } = this.#options;
    const deadline = Date.now() + closeMsMax;
    const left = (): number => Math.max(0, deadline - Date.now());
    const drained = drain === undefined || (await within(drain(), left()));
    if (!drained)
      messagingLog?.warn('gave up draining: what was begun is left to the next owner', {
        closeMsMax,
      });
    await within(log.stop(), left());
    this._status$.next('disconnected');
  }

  #observed(listener: InputLogListener): InputLogListener {
    return {
      assigned: (partitions) => listener.assigned(partitions),
      revoked: (partitions) => listener.revoked(partitions),
      records: (topic, partition, records, end) => listener.records(topic, partition, records, end),
      roundEnded: () => listener.roundEnded(),
      failed: (error) => {
        this._status$.next('failed');
        listener.failed(error);
        this.#failedCallbacks.forEach((callback) => callback(error));
      },
    };
  }
}
