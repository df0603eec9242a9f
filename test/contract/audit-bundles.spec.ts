/** Bundles end to end without servers: made, made again, and found to be what was journaled. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeMemoryStore } from '#testing';
import { CLOCK, KEYS, RANGE, bundleOf, fill, removeBundles, sealerOf } from './audit-journal.ts';
import { T0 } from './samples.ts';
import { loadVerifier, type Verifier } from './verifier.ts';

let verifier: Verifier;
let keys: readonly object[];
const stores = makeMemoryStore(() => CLOCK.now());

beforeAll(async () => {
  verifier = await loadVerifier();
  keys = verifier.readKeys(KEYS.publicKey);
  await fill(stores, 30);
  await sealerOf(stores).sealDue();
});
afterAll(removeBundles);

async function filesOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = new Map<string, string>();
  for (const one of names.filter((each) => each.isFile())) {
    const path = join(one.parentPath, one.name);
    files.set(path.slice(folder.length + 1), await readFile(path, 'utf8'));
  }
  return files;
}

describe('a bundle', () => {
  it.each([
    ['of everything', RANGE, 300],
    ['of a time', { ...RANGE, query: { kind: 'range', from: T0 + 5_000, to: T0 + 9_000 } }, 44],
    [
      'of a time, masked',
      { ...RANGE, mask: 'masked', query: { kind: 'range', from: T0 + 5_000, to: T0 + 9_000 } },
      44,
    ],
    ['with disclosures', { ...RANGE, mask: 'open', disclosed: ['payer', 'subject'] }, 301],
    ['of a hold', { ...RANGE, query: { kind: 'hold', holdId: 'h-01-4' } }, 2],
    ['of a payer', { ...RANGE, query: { kind: 'payer', payerId: 'acct-6222-01' } }, 30],
    ['of a reason', { ...RANGE, query: { kind: 'reason', code: 'CD1' } }, 60],
  ] as const)('%s verifies', async (_what, asked, entries) => {
    const { folder } = await bundleOf(stores, asked);
    const verified = await verifier.verifyBundle(folder, { keys, topics: true });
    expect(verified.findings).toEqual([]);
    expect(verified.entries).toBeGreaterThanOrEqual(entries);
  });

  it('has the same bytes when it is made again under the same heads, but for its receipt', async () => {
    const asked = { ...RANGE, mask: 'open', disclosed: ['payer'] } as const;
    const first = await bundleOf(stores, asked);
    const heads = new Map(first.manifest.chains.map(({ chain, size }) => [chain, size]));
    await fill(stores, 2);
    const [a, b] = [first, await bundleOf(stores, asked, heads)];
    const [one, other] = [await filesOf(a.folder), await filesOf(b.folder)];
    expect([...one.keys()].sort()).toEqual([...other.keys()].sort());
    const differing = [...one].filter(([name, text]) => other.get(name) !== text);
    expect(differing.map(([name]) => name).sort()).toEqual(['receipt.jsonl', 'receipt.tlog-proof']);
  });
});
