import { describe, expect, it } from '@jest/globals';
import { murmur2, partitionOf } from './murmur2.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('murmur2', () => {
  // The vectors of Kafka's own `UtilsTest.testMurmur2`.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('of %s is what Java says', (text, expected) => {
    expect(murmur2(utf8(text))).toBe(expected);
  });

  it('reads bytes as unsigned, as Java does with & 0xff', () => {
    expect(murmur2(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x80))).toBe(
      murmur2(new Uint8Array([255, 255, 255, 255, 128])),
    );
    expect(murmur2(Uint8Array.of(0x80))).not.toBe(murmur2(Uint8Array.of(0x00)));
  });

  it('makes a partition of every hash, negative ones and the smallest included', () => {
    expect(partitionOf(utf8('21'), 12)).toBe((-973932308 & 0x7fffffff) % 12);
    for (let i = 0; i < 1000; i += 1) {
      const partition = partitionOf(utf8(`acct-${i}`), 12);
      expect(Number.isInteger(partition) && partition >= 0 && partition < 12).toBe(true);
    }
  });
});
