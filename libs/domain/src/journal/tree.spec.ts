/** The tree: vectors of the specification's reference, and every size against the definition by recursion (RFC 6962 §2.1). */
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromBase64, fromHex, toBase64 } from './bytes.ts';
import { checkpointText, noteOf, originOf, proofText, readCheckpoint } from './checkpoint.ts';
import {
  TreeBuilder,
  foldSubtrees,
  inclusionSpans,
  nodeHash,
  subtreesOf,
  verifyInclusion,
  type Span,
} from './tree.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const leafOf = (data: Uint8Array): Uint8Array =>
  sha256(Buffer.concat([Buffer.from([0]), Buffer.from(data)]));
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

/** The eight inputs and heads that Certificate Transparency's own implementations are tested with. */
const INPUTS = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((text) => leafOf(fromHex(text)));
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const LEAVES = Array.from({ length: 600 }, (_, n) => leafOf(Buffer.from(`leaf ${n}`)));

/** MTH by the letter of the RFC. */
function headOf({ from, to }: Span): Uint8Array {
  if (to - from === 1) return LEAVES[from] as Uint8Array;
  let half = 1;
  while (half * 2 < to - from) half *= 2;
  return nodeHash(headOf({ from, to: from + half }), headOf({ from: from + half, to }), sha256);
}

function built(leaves: readonly Uint8Array[]): TreeBuilder {
  const builder = new TreeBuilder(sha256);
  for (const leaf of leaves) builder.push(leaf);
  return builder;
}

describe('heads', () => {
  it('of nothing is the hash of nothing', () => {
    expect(hex(built([]).root())).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
  });

  it.each(ROOTS.map((root, index) => [index + 1, root] as const))(
    'of the first %d known inputs is %s',
    (size, root) => {
      expect(hex(built(INPUTS.slice(0, size)).root())).toBe(root);
    },
  );

  it('of every size are those of the recursive definition', () => {
    const builder = new TreeBuilder(sha256);
    for (let size = 1; size <= LEAVES.length; size += 1) {
      builder.push(LEAVES[size - 1] as Uint8Array);
      if (size % 7 === 0 || size < 70) {
        expect(hex(builder.root())).toBe(hex(headOf({ from: 0, to: size })));
      }
    }
  });

  it('are the same when the tree is continued from its frontier, at any place', () => {
    fc.assert(
      fc.property(fc.nat(599), fc.nat(599), (a, b) => {
        const [first, size] = [Math.min(a, b), Math.max(a, b) + 1];
        const begun = built(LEAVES.slice(0, first));
        const continued = new TreeBuilder(sha256, first, begun.frontier());
        for (const leaf of LEAVES.slice(first, size)) continued.push(leaf);
        expect(hex(continued.root())).toBe(hex(built(LEAVES.slice(0, size)).root()));
      }),
      { numRuns: 40, seed: 6962 },
    );
  });

  it('prove a range between its left and its right subtrees', () => {
    fc.assert(
      fc.property(fc.nat(299), fc.nat(299), fc.nat(299), (a, b, c) => {
        const [from, to, size] = [a, b, c].sort((x, y) => x - y) as [number, number, number];
        const left = built(LEAVES.slice(0, from));
        const range = new TreeBuilder(sha256, from, left.frontier());
        for (const leaf of LEAVES.slice(from, to)) range.push(leaf);
        for (const { height, index } of subtreesOf({ from: to, to: size })) {
          const span = { from: index * 2 ** height, to: (index + 1) * 2 ** height };
          range.push(headOf(span), height);
        }
        expect(range.size).toBe(size);
        expect(hex(range.root())).toBe(hex(built(LEAVES.slice(0, size)).root()));
      }),
      { numRuns: 60, seed: 6962 },
    );
  });

  it('keep the tiles of 256 leaves, once each, also across a frontier', () => {
    const builder = built(LEAVES.slice(0, 300));
    expect(builder.takeTiles().map(({ height, index }) => [height, index])).toEqual([[8, 0]]);
    const continued = new TreeBuilder(sha256, 300, builder.frontier());
    expect(continued.takeTiles()).toEqual([]);
    for (const leaf of LEAVES.slice(300)) continued.push(leaf);
    const [tile, ...more] = continued.takeTiles();
    expect([tile?.height, tile?.index, more]).toEqual([8, 1, []]);
    expect(hex(tile?.hash)).toBe(hex(headOf({ from: 256, to: 512 })));
  });

  it('refuse a frontier of another size and a subtree out of place', () => {
    expect(() => new TreeBuilder(sha256, 3, [LEAVES[0] as Uint8Array])).toThrow(RangeError);
    expect(() => built(LEAVES.slice(0, 3)).push(LEAVES[0] as Uint8Array, 1)).toThrow(RangeError);
  });
});

describe('inclusion', () => {
  const proofOf = (index: number, size: number): Uint8Array[] =>
    inclusionSpans(index, size).map((span) => headOf(span));

  it('of every leaf in every small tree verifies, and for no other place, leaf or head', () => {
    for (let size = 1; size <= 40; size += 1) {
      const root = headOf({ from: 0, to: size });
      for (let index = 0; index < size; index += 1) {
        const proof = proofOf(index, size);
        const leaf = LEAVES[index] as Uint8Array;
        expect(verifyInclusion(leaf, { index, size, root }, proof, sha256)).toBe(true);
        for (const other of [index - 1, index + 1, size]) {
          if (other === index) continue;
          const place = { index: other, size, root };
          expect(verifyInclusion(leaf, place, proof, sha256)).toBe(false);
        }
        const wrong = LEAVES[index + 1] as Uint8Array;
        expect(verifyInclusion(wrong, { index, size, root }, proof, sha256)).toBe(false);
        expect(verifyInclusion(leaf, { index, size, root: wrong }, proof, sha256)).toBe(false);
        const longer = [...proof, leaf];
        expect(verifyInclusion(leaf, { index, size, root }, longer, sha256)).toBe(false);
      }
    }
  });

  it('spans fold from complete subtrees', () => {
    for (const span of [...inclusionSpans(5, 300), ...inclusionSpans(299, 300)]) {
      const hashes = subtreesOf(span).map(({ height, index }) =>
        headOf({ from: index * 2 ** height, to: (index + 1) * 2 ** height }),
      );
      expect(hex(foldSubtrees(hashes, sha256))).toBe(hex(headOf(span)));
    }
  });
});

describe('a checkpoint', () => {
  const root = fromBase64('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=') as Uint8Array;
  // The example of C2SP tlog-checkpoint.
  const EXAMPLE = `example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
`;

  it('is read and written as the specification shows it', () => {
    const checkpoint = { origin: 'example.com/behind-the-sofa', size: 20_852_163, root };
    expect(readCheckpoint(EXAMPLE)).toEqual(checkpoint);
    const signature = EXAMPLE.slice(EXAMPLE.indexOf('—'), -1);
    expect(noteOf(checkpointText(checkpoint), [signature])).toBe(EXAMPLE);
  });

  it.each([
    ['no size', EXAMPLE.replace('20852163', '')],
    ['a leading zero', EXAMPLE.replace('20852163', '020852163')],
    ['a size with a sign', EXAMPLE.replace('20852163', '+1')],
    ['a short root', EXAMPLE.replace('CsUY', '')],
    ['a root with stray bits', EXAMPLE.replace('jxq2I=', 'jxq2J=')],
    ['no origin', EXAMPLE.slice(EXAMPLE.indexOf('\n'))],
    ['nothing', ''],
  ])('with %s is none', (_what, text) => {
    expect(readCheckpoint(text)).toBeUndefined();
  });

  it('stands at the end of a proof', () => {
    const text = proofText(3, [root], EXAMPLE);
    expect(text).toBe(`c2sp.org/tlog-proof@v1\nindex 3\n${toBase64(root)}\n\n${EXAMPLE}`);
  });

  it('names its chain', () => {
    expect(originOf('a.example/j', 3)).toBe('a.example/j/3');
    expect(originOf('a.example/j', -1)).toBe('a.example/j/house');
  });
});
