/** Whoever touches a bundle is found, and whoever does not is never accused. The long run is `audit` of `npm run verify:long`. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeJournalKey } from '#config';
import { makeMemoryStore } from '#testing';
import {
  CLOCK,
  JOURNAL,
  KEYS,
  RANGE,
  bundleOf,
  fill,
  removeBundles,
  sealerOf,
  type Bundle,
} from './audit-journal.ts';
import { Tampering } from './tampering.ts';
import { loadVerifier, type Finding, type Verifier } from './verifier.ts';

const MUTATIONS = 60;
const UNTOUCHED = 4;

let verifier: Verifier;
let keys: readonly object[];
let whole: Bundle;
let single: Bundle;
const stores = makeMemoryStore(() => CLOCK.now());
const OPEN = { ...RANGE, mask: 'open', disclosed: ['payer', 'subject'] } as const;

beforeAll(async () => {
  verifier = await loadVerifier();
  keys = verifier.readKeys(KEYS.publicKey);
  await fill(stores, 6);
  await sealerOf(stores).sealDue();
  whole = await bundleOf(stores, OPEN);
  single = await bundleOf(stores, { ...OPEN, query: { kind: 'payer', payerId: 'acct-6222-01' } });
});
afterAll(removeBundles);

const findingsOf = async (folder: string): Promise<readonly Finding[]> =>
  (await verifier.verifyBundle(folder, { keys, topics: true })).findings;

describe('touching a bundle', () => {
  it.each([
    ['of a range', () => whole],
    ['of single entries', () => single],
  ])(`%s is found: ${MUTATIONS} ways`, async (_what, bundle) => {
    const tampering = await Tampering.of(bundle().folder);
    const missed: string[] = [];
    for (let seed = 1; seed <= MUTATIONS; seed += 1) {
      const mutation = tampering.draw(seed);
      const findings = await tampering.with(mutation, findingsOf);
      if (findings.length === 0) missed.push(`seed ${seed}: ${mutation.name}`);
    }
    expect(missed).toEqual([]);
    expect(await findingsOf(bundle().folder)).toEqual([]);
  });

  it('names the entry that was changed, also where every digest was made to fit', async () => {
    const name = join(whole.folder, 'chain-0.entries.jsonl');
    const text = await readFile(name, 'utf8');
    const lines = text.split('\n');
    for (const sequence of [1, 7, 30]) {
      const edited = lines.map((line, index) =>
        index === sequence - 1 ? line.replace(/"at":"2\d/, '"at":"19') : line,
      );
      await writeFile(name, edited.join('\n'));
      const found = await findingsOf(whole.folder);
      expect(found).toContainEqual(expect.objectContaining({ chain: 0, sequence }));
      const others = found.filter((one) => one.sequence !== undefined && one.sequence !== sequence);
      expect(others.filter((one) => one.sequence !== 30)).toEqual([]);
    }
    await writeFile(name, text);
  });

  it('finds a bundle under another key, and under no key', async () => {
    const other = verifier.readKeys(makeJournalKey(JOURNAL).publicKey);
    for (const wrong of [other, []]) {
      const { findings } = await verifier.verifyBundle(whole.folder, { keys: wrong });
      expect(findings.map(({ what }) => what)).toEqual(
        expect.arrayContaining([expect.stringContaining('checkpoint does not hold')]),
      );
    }
  });

  it('accuses nobody', async () => {
    for (let n = 0; n < UNTOUCHED; n += 1) {
      const from = CLOCK.now() - 3_600_000 + n * 200;
      const asked = { ...OPEN, query: { kind: 'range', from, to: from + 2_000 } } as const;
      const { folder } = await bundleOf(stores, asked);
      expect(await findingsOf(folder)).toEqual([]);
    }
  });
});

describe('a forked history', () => {
  it('shows against a checkpoint that was kept, and an extended one does not', async () => {
    const note = await readFile(join(whole.folder, 'chain-0.checkpoint'), 'utf8');
    const kept = () => [verifier.openCheckpoint(note, keys)];
    await fill(stores, 2);
    await sealerOf(stores).sealDue();
    const { folder } = await bundleOf(stores);
    const honest = await verifier.verifyBundle(folder, { keys, seen: kept() });
    expect(honest.findings).toEqual([]);

    const fork = makeMemoryStore(() => CLOCK.now());
    const other = {
      type: 'keys.introduced',
      at: CLOCK.now(),
      body: { keys: [] },
      personal: {},
    } as const;
    await fork.unitOfWork.run((tx) => fork.journalStore.append(tx, new Map([[0, [other]]])));
    await fill(fork, 8);
    await sealerOf(fork).sealDue();
    const forked = await bundleOf(fork);
    const alone = await verifier.verifyBundle(forked.folder, { keys });
    expect(alone.findings).toEqual([]);
    const compared = await verifier.verifyBundle(forked.folder, { keys, seen: kept() });
    expect(compared.findings).toEqual([
      { chain: 0, sequence: 30, what: 'history up to here is not the one that was signed before' },
    ]);
  });
});

describe('input that was left out', () => {
  const journalOf = async (ranges: readonly object[], counts: object) => {
    const own = makeMemoryStore(() => CLOCK.now());
    await fill(own, 1);
    const draft = { type: 'batch.consumed', at: CLOCK.now(), personal: {} } as const;
    const body = JSON.parse(JSON.stringify({ ranges, counts })) as Record<string, never>;
    await own.unitOfWork.run((tx) =>
      own.journalStore.append(tx, new Map([[0, [{ ...draft, body }]]])),
    );
    await sealerOf(own).sealDue();
    const { folder } = await bundleOf(own);
    return findingsOf(folder);
  };
  const NONE = { kept: 0, repeated: 0, ignored: 0, refused: 0, decided: 0, superseded: 0 };
  const range = (from: number, to: number, records: number) => ({
    topic: 'payments.transfers',
    from,
    to,
    records,
  });

  it('is nowhere where offsets follow and records are accounted for', async () => {
    expect(await journalOf([range(3, 5, 2)], { ...NONE, kept: 2 })).toEqual([]);
  });

  it.each([
    [
      'a gap of offsets',
      [range(4, 5, 1)],
      { ...NONE, kept: 1 },
      'offsets 3 to 3 are not accounted for',
    ],
    ['a record', [range(3, 6, 3)], { ...NONE, kept: 2 }, '3 records were read and 2 accounted for'],
    [
      'a decision',
      [range(3, 5, 2)],
      { ...NONE, kept: 2, decided: 1 },
      '1 decided, and 0 such entries',
    ],
    [
      'a refusal',
      [range(3, 5, 2)],
      { ...NONE, kept: 1, refused: 1 },
      '1 refused, and 0 such entries',
    ],
  ])('%s is found', async (_what, ranges, counts, text) => {
    const findings = await journalOf(ranges, counts);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ chain: 0, sequence: 6 });
    expect(findings[0]?.what).toContain(text);
  });
});
