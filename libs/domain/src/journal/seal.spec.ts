/** The journal: what is sealed verifies, any change shows, and what was erased disturbs nothing (DESIGN, property 4; RFC 6962). */
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NOON } from '../testing/events.ts';
import type { Disclosure, EntryDraft, SealedEntry } from './entry.ts';
import {
  NO_LEAF,
  commitmentOf,
  leafHashOf,
  sealEntries,
  verifyChain,
  verifyDisclosure,
  verifyEntry,
  type ChainHead,
} from './seal.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const hexOf = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

function tools() {
  let count = 0;
  return {
    digest: (text: string, encoding: 'hex' | 'base64url') =>
      createHash('sha256').update(text, 'utf8').digest(encoding),
    salt: () => {
      count += 1;
      return createHash('sha256')
        .update(`salt ${count}`)
        .digest()
        .subarray(0, 16)
        .toString('base64url');
    },
  };
}

const START: ChainHead = { sequence: 0, leafHash: NO_LEAF };

const DRAFTS: readonly EntryDraft[] = [
  { type: 'batch.consumed', at: NOON, body: { ranges: [], counts: { kept: 3 } }, personal: {} },
  {
    type: 'decision.made',
    at: NOON + 1,
    body: { decisionId: 'd-1', tier: 'T4', score: 460 },
    personal: { payer: 'acct-li', subject: { source: 'urn:a', id: '转账-1' }, refs: ['urn:a#1'] },
    payerId: 'acct-li',
  },
  {
    type: 'hold.placed',
    at: NOON + 2,
    body: { holdId: 'h-1', order: 'hold' },
    personal: { payer: 'acct-li' },
    payerId: 'acct-li',
  },
  {
    type: 'record.refused',
    at: NOON + 3,
    body: { code: 'not_json' },
    personal: { letter: { value: null } },
  },
];
const CHAIN = sealEntries(START, 7, DRAFTS, tools());

describe('sealing', () => {
  it('gives sequences without a gap, each entry naming the leaf before it', () => {
    expect(CHAIN.map((entry) => entry.sequence)).toEqual([1, 2, 3, 4]);
    const contents = CHAIN.map((entry) => JSON.parse(entry.canonical) as { previous: string });
    expect(contents.map((content) => content.previous)).toEqual([
      NO_LEAF,
      ...CHAIN.slice(0, -1).map((entry) => entry.leafHash),
    ]);
  });

  it('hashes leaves as RFC 6962', () => {
    expect(leafHashOf('', sha256)).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    );
    for (const entry of CHAIN) expect(entry.leafHash).toBe(hexOf(`\0${entry.canonical}`));
  });

  it('commits to personal values and keeps them out of the leaf', () => {
    const second = CHAIN[1];
    expect(second?.disclosures.map((one) => one.name)).toEqual(['payer', 'subject', 'refs']);
    expect(second?.canonical).not.toMatch(/acct-li|urn:a|转账/);
    const payer = second?.disclosures[0];
    const digest = createHash('sha256')
      .update(`["payer","acct-li","${payer?.salt}"]`)
      .digest('base64url');
    expect(second?.canonical).toContain(`"payer":"${digest}"`);
  });

  it('salts each value anew: the same payer has another commitment each time', () => {
    const [, second, third] = CHAIN.map((entry) => /"payer":"([^"]+)"/.exec(entry.canonical)?.[1]);
    expect(second).not.toBe(third);
    expect(second).toMatch(/^[\w-]{43}$/);
  });

  it('goes on from a head as if it had never stopped', () => {
    const salts = tools();
    const first = sealEntries(START, 7, DRAFTS.slice(0, 2), salts);
    const last = first.at(-1);
    const head = { sequence: last?.sequence ?? 0, leafHash: last?.leafHash ?? '' };
    expect([...first, ...sealEntries(head, 7, DRAFTS.slice(2), salts)]).toEqual(CHAIN);
  });
});

describe('verifying', () => {
  it('finds nothing wrong with what was sealed', () => {
    expect(verifyChain(CHAIN, sha256)).toBeUndefined();
    expect(verifyChain([], sha256)).toBeUndefined();
    for (const entry of CHAIN) expect(verifyEntry(entry, sha256)).toBeUndefined();
  });

  it('verifies a part behind a head that is known', () => {
    const head = { sequence: 2, leafHash: CHAIN[1]?.leafHash ?? '' };
    expect(verifyChain(CHAIN.slice(2), sha256, head)).toBeUndefined();
    expect(verifyChain(CHAIN.slice(2), sha256)).toEqual({ fault: 'gap', sequence: 3 });
    expect(verifyChain(CHAIN.slice(2), sha256, { ...head, leafHash: NO_LEAF })).toEqual({
      fault: 'broken_link',
      sequence: 3,
    });
  });

  it('holds when some or all personal values were erased', () => {
    fc.assert(
      fc.property(fc.func(fc.boolean()), (keep) => {
        const erased = CHAIN.map((entry) => ({
          ...entry,
          disclosures: entry.disclosures.filter((one) => keep(entry.sequence, one.name)),
        }));
        expect(verifyChain(erased, sha256)).toBeUndefined();
      }),
      { numRuns: 30 },
    );
  });
});

/** A copy of the chain with one entry changed. */
function changed(
  index: number,
  change: (entry: SealedEntry) => Partial<SealedEntry>,
): SealedEntry[] {
  return CHAIN.map((entry, i) => (i === index ? { ...entry, ...change(entry) } : entry));
}

describe('any change shows', () => {
  it('every flipped bit of every entry', () => {
    const missed: string[] = [];
    CHAIN.forEach((entry, index) => {
      const bytes = Buffer.from(entry.canonical, 'utf8');
      for (let at = 0; at < bytes.length; at += 1) {
        for (const mask of [1, 0x20, 0x80]) {
          const flipped = Buffer.from(bytes);
          flipped[at] = (flipped[at] ?? 0) ^ mask;
          const chain = changed(index, () => ({ canonical: flipped.toString('utf8') }));
          if (verifyChain(chain, sha256) === undefined) missed.push(`${index}:${at}:${mask}`);
        }
      }
    });
    expect(missed).toEqual([]);
  });

  it('every changed digit of a leaf hash', () => {
    CHAIN.forEach((entry, index) => {
      for (let at = 0; at < 64; at += 1) {
        const other = entry.leafHash[at] === '0' ? '1' : '0';
        const leafHash = entry.leafHash.slice(0, at) + other + entry.leafHash.slice(at + 1);
        expect(
          verifyChain(
            changed(index, () => ({ leafHash })),
            sha256,
          ),
        ).toEqual({
          fault: 'wrong_leaf_hash',
          sequence: entry.sequence,
        });
      }
    });
  });

  it.each([0, 1, 2])('entry %d rewritten with a leaf hash that fits, at the next one', (index) => {
    const chain = changed(index, (entry) => {
      const canonical = entry.canonical.replace(/"at":"\d{4}/, '"at":"2099');
      const at = Date.parse((JSON.parse(canonical) as { at: string }).at);
      return { canonical, at, leafHash: leafHashOf(canonical, sha256) };
    });
    expect(verifyChain(chain, sha256)).toEqual({ fault: 'broken_link', sequence: index + 2 });
  });

  it.each([0, 1, 2])('entry %d left out', (index) => {
    const chain = CHAIN.filter((_entry, i) => i !== index);
    expect(verifyChain(chain, sha256)).toEqual({ fault: 'gap', sequence: index + 2 });
  });

  it('entries in another order, or one of them twice', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { minLength: 1, maxLength: 6 }), (order) => {
        const chain = order.flatMap((index) => CHAIN[index] ?? []);
        const intact = order.every((index, i) => index === i);
        expect(verifyChain(chain, sha256) === undefined).toBe(intact);
      }),
      { numRuns: 300 },
    );
  });

  it.each<[string, Partial<SealedEntry>, string]>([
    ['chain', { chain: 8 }, 'mislabelled'],
    ['sequence', { sequence: 3 }, 'mislabelled'],
    ['type', { type: 'hold.released' }, 'mislabelled'],
    ['time', { at: NOON }, 'mislabelled'],
    ['text', { canonical: 'no JSON' }, 'malformed'],
    ['white space', { canonical: ` ${CHAIN[1]?.canonical}` }, 'malformed'],
    [
      'a member too many',
      { canonical: CHAIN[1]?.canonical.replace('{"at"', '{"a":1,"at"') ?? '' },
      'malformed',
    ],
    [
      'another version',
      { canonical: CHAIN[1]?.canonical.replace('"v":1', '"v":2') ?? '' },
      'malformed',
    ],
  ])('a wrong label: %s', (_title, change, fault) => {
    expect(
      verifyChain(
        changed(1, () => change),
        sha256,
      )?.fault,
    ).toBe(fault);
  });

  it('an entry of another chain in between', () => {
    const other = sealEntries(
      { sequence: 1, leafHash: CHAIN[0]?.leafHash ?? '' },
      8,
      DRAFTS.slice(1, 2),
      tools(),
    );
    const chain = [CHAIN[0], other[0], ...CHAIN.slice(2)].filter((entry) => entry !== undefined);
    expect(verifyChain(chain, sha256)).toEqual({ fault: 'mislabelled', sequence: 2 });
  });
});

describe('a disclosure', () => {
  const entry = CHAIN[1];
  const [payer, subject] = entry?.disclosures ?? [];

  it.each<[string, Partial<Disclosure>]>([
    ['another value', { value: 'acct-xu' }],
    ['a value of another type', { value: ['acct-li'] }],
    ['another salt', { salt: CHAIN[2]?.disclosures[0]?.salt ?? '' }],
    ['another name', { name: 'refs' }],
    ['a name that is not committed', { name: 'phone' }],
    ['a name that every object has', { name: 'constructor' }],
  ])('with %s is found out', (_title, change) => {
    if (payer === undefined || entry === undefined) throw new Error('no disclosure');
    const wrong = { ...payer, ...change };
    expect(verifyDisclosure(entry.canonical, wrong, sha256)).toBe(false);
    expect(
      verifyChain(
        changed(1, () => ({ disclosures: [wrong] })),
        sha256,
      ),
    ).toEqual({ fault: 'wrong_disclosure', sequence: 2 });
  });

  it('proves its value', () => {
    for (const one of entry?.disclosures ?? []) {
      expect(verifyDisclosure(entry?.canonical ?? '', one, sha256)).toBe(true);
    }
    expect(subject?.value).toEqual({ source: 'urn:a', id: '转账-1' });
  });

  it('of one entry proves nothing of another', () => {
    if (payer === undefined) throw new Error('no disclosure');
    expect(verifyDisclosure(CHAIN[2]?.canonical ?? '', payer, sha256)).toBe(false);
  });

  it('has a commitment that says value, name and salt apart', () => {
    const one = { name: 'a', value: 'b', salt: 'c' };
    const commitments = [
      one,
      { ...one, name: 'ab', value: '' },
      { ...one, value: 'bc', salt: '' },
      { ...one, value: ['b'] },
    ];
    expect(new Set(commitments.map((each) => commitmentOf(each, sha256))).size).toBe(4);
  });
});
