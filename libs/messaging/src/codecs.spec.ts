import { describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { registerCodecs } from './codecs.ts';

registerCodecs();
const { CompressionCodecs, CompressionTypes } = kafkajs;

interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(bytes: Buffer): Promise<Buffer>;
}

function codec(type: 2 | 3 | 4): Codec {
  const make: unknown = CompressionCodecs[type];
  if (typeof make !== 'function') throw new Error(`no codec ${type}`);
  return make() as Codec;
}

const TYPES = [
  ['snappy', CompressionTypes.Snappy],
  ['lz4', CompressionTypes.LZ4],
  ['zstd', CompressionTypes.ZSTD],
] as const;

describe.each(TYPES)('%s', (_name, type) => {
  it.each([0, 1, 100, 300_000])('gives %d bytes back', async (length) => {
    const buffer = Buffer.from(Array.from({ length }, (_, index) => (index * index) % 251));
    const packed = await codec(type).compress({ buffer });
    expect((await codec(type).decompress(packed)).equals(buffer)).toBe(true);
  });

  it('refuses what is cut short', async () => {
    const packed = await codec(type).compress({ buffer: Buffer.alloc(10_000, 'abc') });
    await expect(codec(type).decompress(packed.subarray(0, packed.length / 2))).rejects.toThrow();
  });
});

describe('snappy of the Java client', () => {
  it('reads several blocks, and a bare block', async () => {
    const { compress } = await import('snappy');
    const blocks = await Promise.all(
      ['one', 'two', 'three'].map((text) => compress(Buffer.from(text))),
    );
    const framed = Buffer.concat([
      Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]),
      ...blocks.flatMap((block) => {
        const length = Buffer.alloc(4);
        length.writeInt32BE(block.length);
        return [length, block];
      }),
    ]);
    const snappy = codec(CompressionTypes.Snappy);
    expect((await snappy.decompress(framed)).toString()).toBe('onetwothree');
    expect((await snappy.decompress(blocks[2] ?? Buffer.alloc(0))).toString()).toBe('three');
  });
});
