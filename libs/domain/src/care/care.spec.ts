/** Terms of appeals and of police instructions. */
import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../kernel/instant.ts';
import { NOON } from '../testing/events.ts';
import { appealDueAt } from './appeal.ts';
import { refuseInstruction, type InstructionRefusal } from './instruction.ts';

describe('an answer is due', () => {
  const terms = { days: 15, emergencyMinutes: 30 };
  it.each([
    ['appeal', 15 * DAY_MS],
    ['review', 15 * DAY_MS],
    ['emergency', 30 * MINUTE_MS],
  ] as const)('to an %s', (kind, within) => {
    expect(appealDueAt(kind, NOON, terms) - NOON).toBe(within);
  });
});

describe('an instruction', () => {
  it.each<['stop' | 'lift', number, number, InstructionRefusal | undefined]>([
    ['stop', 48 * HOUR_MS, 0, undefined],
    ['stop', 48 * HOUR_MS, 1, undefined],
    ['stop', 1, 1, undefined],
    ['stop', 48 * HOUR_MS, 2, 'stopped_twice'],
    ['stop', 48 * HOUR_MS + 1, 0, 'term_too_long'],
    ['stop', 0, 0, 'term_over'],
    ['stop', -1, 2, 'term_over'],
    ['lift', 1, 2, undefined],
    ['lift', 96 * HOUR_MS, 2, undefined],
    ['lift', 0, 0, 'term_over'],
  ])('to %s for %d ms after %d stops: %s', (instruction, term, before, refusal) => {
    const validUntil = NOON + term;
    expect(refuseInstruction({ instruction, receivedAt: NOON, validUntil }, before)).toBe(refusal);
  });
});
