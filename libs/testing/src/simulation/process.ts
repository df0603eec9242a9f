/** A process of the simulation: whatever it asks of the outside is answered when the scheduler says so, or never once it is dead. */
import { TransientFault } from '#application';

interface Asked {
  readonly answer: () => Promise<void>;
  readonly refuse: (error: Error) => void;
}

export class SimulatedProcess {
  readonly name: string;
  readonly #asked: Asked[] = [];
  readonly #death = Promise.withResolvers<never>();
  #underWay = 0;
  #dead = false;
  /** SIGSTOP: it gets no answers until it is set back. */
  stopped = false;

  constructor(name: string) {
    this.name = name;
    // Whoever runs when it dies listens; that nobody does is no fault.
    this.#death.promise.catch(() => undefined);
  }

  get isDead(): boolean {
    return this.#dead;
  }

  /** Questions that the scheduler may answer now. */
  get waiting(): number {
    return this.stopped ? 0 : this.#asked.length;
  }

  /** True while something it asked for is not answered. */
  get isBusy(): boolean {
    return this.#asked.length > 0 || this.#underWay > 0;
  }

  /** Asks the outside. Questions that depend on each other are asked one after the other by the caller. */
  ask<T>(answer: () => T | Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    if (this.#dead) return promise;
    this.#asked.push({
      refuse: reject,
      answer: async () => {
        this.#underWay += 1;
        try {
          const value = await answer();
          if (!this.#dead) resolve(value);
        } catch (error) {
          if (!this.#dead) reject(error);
        } finally {
          this.#underWay -= 1;
        }
      },
    });
    return promise;
  }

  /** Answers the question at this place. */
  answer(index: number): void {
    const [asked] = this.#asked.splice(index, 1);
    void asked?.answer();
  }

  /** Loses the connection over which it asked: the question is never put. */
  refuse(index: number): void {
    const [asked] = this.#asked.splice(index, 1);
    asked?.refuse(new TransientFault('connection lost'));
  }

  /** SIGKILL. What it asked for and is not done yet is not done; nothing of it goes on. */
  kill(): void {
    this.#dead = true;
    this.#asked.length = 0;
    this.#death.reject(new TransientFault(`${this.name} was killed`));
  }

  /** Resolves as `work` does, and rejects at once when the process is killed. */
  untilDeath<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#death.promise]);
  }

  /** What a dead process waits for. */
  unlessDead<T>(work: Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    work.then(
      (value) => {
        if (!this.#dead) resolve(value);
      },
      (error: unknown) => {
        if (!this.#dead) reject(error);
      },
    );
    return promise;
  }
}
