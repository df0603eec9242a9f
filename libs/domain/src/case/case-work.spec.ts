/** Every command in every state of the lock, by its holder and by somebody else. */
import { describe, expect, it } from '@jest/globals';
import { LOCK_MS, decideCase, type CaseCommand, type CaseWork } from './case-work.ts';

const NOW = 1_000_000;
const WORK: CaseWork = { caseId: 'c', payerId: 'p', partition: 3, version: 4 };

const COMMANDS: Readonly<Record<string, CaseCommand>> = {
  assign: { type: 'assign', assignee: 'bo' },
  'assign nobody': { type: 'assign', assignee: null },
  lock: { type: 'lock' },
  unlock: { type: 'unlock', mayBreak: false },
  'break lock': { type: 'unlock', mayBreak: true },
  note: { type: 'note' },
  contact: { type: 'contact' },
  escalate: { type: 'escalate' },
  label: { type: 'label', label: 'scam' },
};

const FREE = WORK;
const MINE: CaseWork = { ...WORK, lock: { by: 'an', until: NOW + 1 } };
const THEIRS: CaseWork = { ...WORK, lock: { by: 'bo', until: NOW + 1 } };
const OVER: CaseWork = { ...WORK, lock: { by: 'bo', until: NOW } };

const NOT = 'not_locked';
const NO = 'locked_by_another';
/** Columns in the order of COMMANDS. */
const TABLE: readonly (readonly [string, CaseWork, readonly string[]])[] = [
  ['free', FREE, ['ok', 'ok', 'ok', NOT, NOT, 'ok', 'ok', 'ok', 'ok']],
  ['locked by me', MINE, ['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok']],
  ['locked by another', THEIRS, [NO, NO, NO, NO, 'ok', 'ok', NO, 'ok', NO]],
  ['a lock that is over', OVER, ['ok', 'ok', 'ok', NOT, NOT, 'ok', 'ok', 'ok', 'ok']],
];

describe.each(TABLE)('%s', (_title, work, cells) => {
  it.each(
    Object.entries(COMMANDS).map(([name, command], at) => [name, command, cells[at]] as const),
  )('%s', (_name, command, expected) => {
    const verdict = decideCase(work, command, 'an', NOW);
    expect(verdict.ok ? 'ok' : verdict.code).toBe(expected);
    if (verdict.ok) expect(verdict.work.version).toBe(5);
    expect(work.version).toBe(4);
  });
});

describe('what a case becomes', () => {
  const after = (work: CaseWork, command: CaseCommand): CaseWork => {
    const verdict = decideCase(work, command, 'an', NOW);
    if (!verdict.ok) throw new Error(verdict.code);
    return verdict.work;
  };

  it('locked for ten minutes, and its locker’s where it was nobody’s', () => {
    expect(after(FREE, { type: 'lock' })).toEqual({
      ...WORK,
      assignee: 'an',
      lock: { by: 'an', until: NOW + LOCK_MS },
      version: 5,
    });
    expect(after({ ...FREE, assignee: 'bo' }, { type: 'lock' }).assignee).toBe('bo');
  });

  it('nobody’s again', () => {
    expect(after({ ...FREE, assignee: 'bo' }, { type: 'assign', assignee: null })).toEqual({
      ...WORK,
      version: 5,
    });
  });

  it('contacted and escalated once: the first time counts', () => {
    const first = after(after(FREE, { type: 'contact' }), { type: 'escalate' });
    expect(first).toMatchObject({ firstContactAt: NOW, escalatedAt: NOW });
    const later = { ...first, firstContactAt: 1, escalatedAt: 2 };
    expect(after(after(later, { type: 'contact' }), { type: 'escalate' })).toMatchObject({
      firstContactAt: 1,
      escalatedAt: 2,
    });
  });

  it('freed by a supervisor, who is told whose lock it was', () => {
    const verdict = decideCase(THEIRS, { type: 'unlock', mayBreak: true }, 'an', NOW);
    expect(verdict).toEqual({ ok: true, work: { ...WORK, version: 5 }, brokeLockOf: 'bo' });
  });
});
