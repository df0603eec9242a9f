import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PaymentHistory } from './history.ts';
import { Ledger, type Pocket } from './ledger.ts';

const pocket = fc.constantFrom<Pocket>('balance', 'savings', 'bank');
const fen = fc.integer({ min: -10, max: 5_000 });
const act = fc.oneof(
  fc.record({ kind: fc.constant('receive' as const), pocket, fen }),
  fc.record({ kind: fc.constant('borrow' as const), fen }),
  fc.record({ kind: fc.constant('spend' as const), pocket, fen, loanFirst: fc.boolean() }),
  fc.record({ kind: fc.constant('move' as const), pocket, to: pocket, fen }),
);

describe('ledger', () => {
  it('is never negative, whatever is tried, and refuses without changing anything', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const ledger = new Ledger();
        const sums = (): number[] => [ledger.balance, ledger.savings, ledger.bank, ledger.ownMoney];
        for (const one of acts) {
          const before = sums();
          try {
            if (one.kind === 'receive') ledger.receive(one.pocket, one.fen);
            else if (one.kind === 'borrow') ledger.borrow(one.fen);
            else if (one.kind === 'spend') ledger.spend(one.pocket, one.fen, one.loanFirst);
            else ledger.move(one.pocket, one.to, one.fen);
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
            expect(sums()).toEqual(before);
          }
          expect(Math.min(...sums())).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('does not count borrowed money as one’s own, and spends it last or first as told', () => {
    const ledger = new Ledger();
    ledger.receive('balance', 100);
    ledger.receive('savings', 50);
    ledger.borrow(1_000);
    expect(ledger.ownMoney).toBe(150);
    ledger.spend('balance', 80);
    expect(ledger.ownMoney).toBe(70);
    ledger.spend('balance', 900, true);
    expect(ledger.ownMoney).toBe(70);
    ledger.spend('balance', 120);
    expect([ledger.balance, ledger.ownMoney]).toEqual([0, 50]);
    expect(() => ledger.spend('balance', 1)).toThrow('not that much');
    expect(() => ledger.receive('bank', 0.5)).toThrow('whole number');
  });
});

describe('history', () => {
  it('counts payments from the first, and knows nothing of strangers', () => {
    const history = new PaymentHistory();
    history.remember('a', 3, 1_000);
    history.paid('a', 500, 2_000);
    history.paid('b', 500, 3_000);
    expect(history.of('a')).toEqual({ count: 4, firstAt: 1_000 });
    expect(history.of('b')).toEqual({ count: 1, firstAt: 3_000 });
    expect(history.of('c')).toEqual({ count: 0, firstAt: undefined });
  });

  it('names the amount that a hundredth of the payments reach', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 1_000_000 }), {
      minLength: 10,
      maxLength: 900,
    });
    fc.assert(
      fc.property(amounts, (paid) => {
        const history = new PaymentHistory();
        for (const one of paid) history.paid('x', one, 0);
        const sorted = [...paid].sort((a, b) => b - a);
        expect(history.p99()).toBe(sorted[Math.ceil(paid.length / 100) - 1]);
      }),
    );
    expect(new PaymentHistory().p99()).toBeUndefined();
  });
});
