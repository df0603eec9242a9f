/** Whoever touches a bundle is found, ten thousand ways; whoever does not is never accused, a thousand bundles long. */
import { makeMemoryStore } from '#testing';
import {
  CLOCK,
  KEYS,
  RANGE,
  bundleOf,
  fill,
  removeBundles,
  sealerOf,
  type Bundle,
} from '../contract/audit-journal.ts';
import { T0 } from '../contract/samples.ts';
import { Tampering } from '../contract/tampering.ts';
import { loadVerifier, type Finding } from '../contract/verifier.ts';
import type { LongCheck, LongSettings } from './long-check.ts';

const SAY_EVERY = 1_000;
const BATCHES = 6;
const OPEN = { ...RANGE, mask: 'open', disclosed: ['payer', 'subject'] } as const;

type Look = (folder: string) => Promise<readonly Finding[]>;

async function sealedJournal() {
  const stores = makeMemoryStore(() => CLOCK.now());
  await fill(stores, BATCHES);
  await sealerOf(stores).sealDue();
  const verifier = await loadVerifier();
  const keys = verifier.readKeys(KEYS.publicKey);
  const look: Look = async (folder) =>
    (await verifier.verifyBundle(folder, { keys, topics: true })).findings;
  return { stores, look };
}

export const tampering: LongCheck = {
  name: 'tampering',
  about:
    'Bundles of a range and of single entries with a bit flipped, lines dropped, doubled, swapped and cut, files exchanged, entries, heads, disclosures and batches rewritten, half of them with a manifest made to fit: each must be found.',
  counts: 'mutations',
  count: 10_000,
  async run({ seed: first, count, say }: LongSettings) {
    const { stores, look } = await sealedJournal();
    const query = { kind: 'payer', payerId: 'acct-6222-01' } as const;
    const bundles: readonly Bundle[] = [
      await bundleOf(stores, OPEN),
      await bundleOf(stores, { ...OPEN, query }),
    ];
    const ways = await Promise.all(bundles.map(({ folder }) => Tampering.of(folder)));
    const failures: string[] = [];
    const tally = new Map<string, number>();
    let named = 0;
    for (let seed = first; seed < first + count; seed += 1) {
      const way = ways[seed % ways.length] as Tampering;
      const mutation = way.draw(seed);
      const findings = await way.with(mutation, look);
      const kind = mutation.name.split(',')[0] ?? '';
      tally.set(kind, (tally.get(kind) ?? 0) + 1);
      if (findings.some(({ sequence }) => sequence !== undefined)) named += 1;
      if (findings.length === 0) failures.push(`seed ${seed}: ${mutation.name} was not found`);
      if ((seed - first + 1) % SAY_EVERY === 0) say(`${seed - first + 1} of ${count} mutations`);
    }
    await removeBundles();
    const kinds = [...tally]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([kind, times]) => `${kind} ${times}`);
    return {
      passed: count - failures.length,
      failures,
      figures: { kinds: kinds.join(', '), 'an entry is named': `${named} of ${count}` },
    };
  },
};

export const untouched: LongCheck = {
  name: 'untouched',
  about:
    'Bundles of every kind, mask and stretch of time that nobody touched: none may be accused.',
  counts: 'bundles',
  count: 1_000,
  async run({ seed: first, count, say }: LongSettings) {
    const { stores, look } = await sealedJournal();
    const failures: string[] = [];
    for (let seed = first; seed < first + count; seed += 1) {
      const from = T0 + (seed % BATCHES) * 1_000;
      const query = [
        { kind: 'range' },
        { kind: 'range', from, to: from + 2_500 },
        { kind: 'payer', payerId: `acct-6222-${seed % 2}${seed % 3}` },
        { kind: 'hold', holdId: `h-0${seed % 3}-${seed % 3}` },
      ] as const;
      const shown = [
        { mask: 'open', disclosed: ['payer', 'notice'] },
        { mask: 'masked', disclosed: [] },
        { mask: 'closed', disclosed: [] },
      ] as const;
      const asked = {
        ...RANGE,
        query: query[seed % 4] ?? query[0],
        ...(shown[seed % 3] ?? shown[0]),
      };
      const { folder } = await bundleOf(stores, asked);
      const findings = await look(folder);
      if (findings.length > 0) failures.push(`seed ${seed}: ${findings[0]?.what}`);
      if ((seed - first + 1) % SAY_EVERY === 0) say(`${seed - first + 1} of ${count} bundles`);
      await removeBundles();
    }
    return { passed: count - failures.length, failures, figures: {} };
  },
};
