/** A value that cannot be logged by accident: whoever wants it must ask for it by name. */
import { inspect } from 'node:util';

const HIDDEN = '[secret]';

/** Prints, serialises and inspects as `[secret]`. */
export class Secret<Value = string> {
  readonly #value: Value;

  constructor(value: Value) {
    this.#value = value;
    Object.freeze(this);
  }

  reveal(): Value {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}
