/** Instructions of the police: an object of their own beside the hold, with a reference, 48 hours, and at most twice (银发〔2016〕86号). */
import { HOUR_MS, type Instant } from '../kernel/instant.ts';

export const STOP_MS_MAX = 48 * HOUR_MS;
export const STOPS_MAX = 2;

export type InstructionRefusal = 'term_over' | 'term_too_long' | 'stopped_twice';

export interface InstructionTerm {
  readonly instruction: 'stop' | 'lift';
  readonly receivedAt: Instant;
  readonly validUntil: Instant;
}

/**
 * Why the instruction may not be followed, or undefined. `stopsBefore`: stops of the same payer and hold that were followed before. A lift ends
 * what was stopped, so neither number nor length bounds it.
 */
export function refuseInstruction(
  { instruction, receivedAt, validUntil }: InstructionTerm,
  stopsBefore: number,
): InstructionRefusal | undefined {
  if (validUntil <= receivedAt) return 'term_over';
  if (instruction === 'lift') return undefined;
  if (validUntil - receivedAt > STOP_MS_MAX) return 'term_too_long';
  return stopsBefore >= STOPS_MAX ? 'stopped_twice' : undefined;
}
