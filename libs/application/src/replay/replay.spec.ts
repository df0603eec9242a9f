/** What a payer says in a file of events counts in replay as it does in the engine (SCORING CO6, §4c). */
import { describe, expect, it } from '@jest/globals';
import { NODE_HASHING } from '#config';
import { defaultNotices, defaultPolicy } from '#contracts';
import {
  NO_CODES,
  holdIdOf,
  type DecisionBody,
  type PayerResponded,
  type TransferRequested,
} from '#domain';
import { Replay } from './replay.ts';

const NOON = Date.UTC(2026, 10, 24, 4);
const MINUTE = 60_000;
const SOURCE = 'urn:spec';
const PAYER = { accountId: 'payer', sessionId: 'first' };

function transfer(id: string, time: number, yuan: number): TransferRequested {
  return {
    kind: 'transfer.requested',
    source: SOURCE,
    id,
    time,
    payer: PAYER,
    transferId: id,
    payee: { accountId: `payee-${id}`, kind: 'wallet', ownership: 'other', paidCount: 0 },
    amount: { currency: 'CNY', minor: yuan * 100 },
    fundingSource: 'balance',
    remark: '退款',
    profile: { liquidBefore: { currency: 'CNY', minor: 300_000 } },
  };
}

function answer(time: number, sessionId: string): PayerResponded {
  const holdId = holdIdOf({ source: SOURCE, kind: 'transfer', id: 'one' }, NODE_HASHING.sha1);
  return {
    kind: 'payer.responded',
    source: SOURCE,
    id: `answer-${time}`,
    time,
    payer: { ...PAYER, sessionId },
    holdId,
    answer: 'reconfirm',
  };
}

/** Codes of the reasons of the second transfer, an hour after the first was held for a quarter of an hour. */
function second(answers: readonly PayerResponded[]): readonly string[] {
  const settings = { policy: defaultPolicy(), notices: defaultNotices(), codeBook: NO_CODES };
  const replay = new Replay(settings, NODE_HASHING);
  const [one, two] = [transfer('one', NOON, 2_900), transfer('two', NOON + 60 * MINUTE, 500)];
  let last: DecisionBody | undefined;
  for (const event of [one, ...answers, two]) {
    const result = replay.offer(event, event.id);
    if (result.kind !== 'taken') throw new Error(result.kind);
    for (const { type, body } of result.entries) {
      if (type === 'decision.made') last = body as DecisionBody;
    }
    if (event === one) expect([last?.outcome, last?.tier]).toEqual(['hold', 'T2']);
  }
  return last?.reasons.map(({ code }) => code) ?? [];
}

describe('a hold that is reconfirmed in a fresh session after it is due', () => {
  it('evades nothing any more', () => {
    expect(second([answer(NOON + 20 * MINUTE, 'fresh')])).not.toContain('CO6');
  });

  it.each([
    ['nobody answers', []],
    ['the answer comes before it is due', [answer(NOON + 10 * MINUTE, 'fresh')]],
    ['it comes in the same session', [answer(NOON + 20 * MINUTE, 'first')]],
  ])('unless %s', (_when, answers) => {
    expect(second(answers)).toContain('CO6');
  });
});
