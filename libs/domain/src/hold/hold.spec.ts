/** Orders and ISO 20022 statuses by CONTRACT's state table. */
import { describe, expect, it } from '@jest/globals';
import { ORDER_OF_STATUS, iso20022Of, isOpen, type HoldActor, type HoldStatus } from './hold.ts';

describe('CONTRACT’s state table', () => {
  it.each<[HoldStatus, HoldActor, string, string]>([
    ['placed', 'clock', 'hold', 'PDNG'],
    ['matured', 'clock', 'hold', 'PDNG'],
    ['released', 'clock', 'release', 'ACSP'],
    ['released', 'payer', 'release', 'ACSP'],
    ['released', 'analyst', 'release', 'ACSP'],
    ['released', 'authority', 'release', 'ACSP'],
    ['cancelled', 'payer', 'cancel', 'RJCT/DS02'],
    ['cancelled', 'analyst', 'cancel', 'RJCT/FRAD'],
    ['cancelled', 'authority', 'cancel', 'RJCT/FRAD'],
    ['expired', 'clock', 'cancel', 'RJCT/DS24'],
  ])('%s by %s: order %s, %s', (status, actor, order, iso) => {
    expect(ORDER_OF_STATUS[status]).toBe(order);
    expect(iso20022Of('transfer', status, actor, 'CN')).toBe(iso);
    expect(iso20022Of('draw', status, actor, 'CN')).toBeUndefined();
  });

  it('does not say fraud in the neutral profile', () => {
    expect(iso20022Of('transfer', 'cancelled', 'analyst', 'neutral')).toBe('RJCT/RR04');
    expect(iso20022Of('transfer', 'cancelled', 'authority', 'neutral')).toBe('RJCT/RR04');
    expect(iso20022Of('transfer', 'cancelled', 'payer', 'neutral')).toBe('RJCT/DS02');
  });

  it.each<[HoldStatus, boolean]>([
    ['placed', true],
    ['matured', true],
    ['released', false],
    ['cancelled', false],
    ['expired', false],
  ])('%s is open: %p', (status, open) => expect(isOpen({ status })).toBe(open));
});
