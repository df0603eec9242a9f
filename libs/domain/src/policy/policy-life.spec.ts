/** Every step in every state, by the author and by somebody else. */
import { expect, it } from '@jest/globals';
import { decidePolicy, type PolicyState, type PolicyStep } from './policy-life.ts';

const STEPS: readonly PolicyStep[] = [
  'change',
  'submit',
  'shadow',
  'activate',
  'reject',
  'rollback',
];

/** Columns: change, submit, shadow, activate, reject, rollback. `st`: wrong state, `au`: not the author, `own`: one's own. */
const TABLE: readonly (readonly [PolicyState, 'author' | 'other', string])[] = [
  ['draft', 'author', 'draft submitted st st st st'],
  ['draft', 'other', 'au au st st st st'],
  ['submitted', 'author', 'st st own own own st'],
  ['submitted', 'other', 'st st shadow active rejected st'],
  ['shadow', 'author', 'st st st own own st'],
  ['shadow', 'other', 'st st st active rejected st'],
  ['active', 'author', 'st st st st st st'],
  ['active', 'other', 'st st st st st st'],
  ['retired', 'author', 'st st st st st active'],
  ['retired', 'other', 'st st st st st active'],
  ['rejected', 'author', 'st st st st st st'],
  ['rejected', 'other', 'st st st st st st'],
];
const SHORT = { wrong_state: 'st', not_author: 'au', own_policy: 'own' } as const;

it.each(TABLE)('%s, by the %s: %s', (state, who, cells) => {
  const answers = STEPS.map((step) => {
    const verdict = decidePolicy({ state, author: 'author' }, step, who);
    return verdict.ok ? verdict.state : SHORT[verdict.code];
  });
  expect(answers.join(' ')).toBe(cells);
});
