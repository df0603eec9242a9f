/** Why a field was not taken, while it travels from the field up to the record's refusal. */
import type { RefusalCode } from '#domain';

export type FieldFault = Extract<
  RefusalCode,
  'missing_field' | 'wrong_type' | 'invalid_value' | 'unknown_currency'
>;

/** A fault with the path to it. Returned, never thrown; neither path nor rule holds a value or a name of the record's own. */
export class Refused {
  readonly code: FieldFault;
  /** What should have been: completes a sentence that begins with the path. */
  readonly rule: string;
  /** Dotted, from where the reading began; empty for the value itself. */
  path = '';

  constructor(code: FieldFault, rule: string) {
    this.code = code;
    this.rule = rule;
  }

  /** The same fault as seen from one level up. */
  under(name: string): this {
    this.path = this.path === '' ? name : `${name}.${this.path}`;
    return this;
  }
}
