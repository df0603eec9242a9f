/** Our heads and proofs under code that this project did not write: sigstore's verifier here, Go's sumdb in tools/verify/go. */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyCheckpoint } from '@sigstore/verify/dist/tlog/checkpoint.js';
import { verifyMerkleInclusion } from '@sigstore/verify/dist/tlog/merkle.js';
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
} from './audit-journal.ts';
import { loadVerifier } from './verifier.ts';

type LogEntry = Parameters<typeof verifyMerkleInclusion>[0];
type Authority = Parameters<typeof verifyCheckpoint>[1][number];

const stores = makeMemoryStore(() => CLOCK.now());

beforeAll(async () => {
  await fill(stores, 60);
  await sealerOf(stores).sealDue();
});
afterAll(removeBundles);

function publicKey(): KeyObject {
  const raw = Buffer.from(KEYS.publicKey.split('+').slice(2).join('+'), 'base64').subarray(1);
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]);
  return createPublicKey({ key: der, format: 'der', type: 'spki' });
}

const AUTHORITY = {
  logID: Buffer.from(KEYS.publicKey.split('+')[1] ?? '', 'hex'),
  publicKey: publicKey(),
  baseURL: JOURNAL,
} as Authority;

/** A `.tlog-proof` and its entry, as sigstore has them. */
function logEntry(proof: string, line: Buffer): LogEntry {
  const cut = proof.indexOf('\n\n');
  const [, index = '', ...hashes] = proof.slice(0, cut).split('\n');
  return {
    canonicalizedBody: line,
    inclusionProof: {
      logIndex: index.slice('index '.length),
      hashes: hashes.map((one) => Buffer.from(one, 'base64')),
      checkpoint: { envelope: proof.slice(cut + 2) },
    },
  } as LogEntry;
}

describe('sigstore', () => {
  it('accepts every proof of a bundle under the signed head, and none for another entry', async () => {
    const query = { kind: 'payer', payerId: 'acct-6222-12' } as const;
    const { folder } = await bundleOf(stores, { ...RANGE, query });
    const lines = (await readFile(join(folder, 'chain-1.entries.jsonl'), 'utf8'))
      .trimEnd()
      .split('\n');
    const names = await readdir(join(folder, 'proofs'));
    expect(names).toHaveLength(lines.length);
    for (const [at, line] of lines.entries()) {
      const { sequence } = JSON.parse(line) as { sequence: number };
      const proof = await readFile(join(folder, 'proofs', `1-${sequence}.tlog-proof`), 'utf8');
      const entry = logEntry(proof, Buffer.from(line));
      const head = verifyCheckpoint(entry, [AUTHORITY]);
      expect([head.origin, Number(head.logSize)]).toEqual([`${JOURNAL}/1`, 300]);
      expect(() => verifyMerkleInclusion(entry, head)).not.toThrow();
      const other = logEntry(proof, Buffer.from(lines[at === 0 ? 1 : 0] ?? ''));
      expect(() => verifyMerkleInclusion(other, head)).toThrow('root hash');
      const forged = logEntry(
        proof.replace(`${JOURNAL}/1\n300`, `${JOURNAL}/1\n301`),
        Buffer.from(line),
      );
      expect(() => verifyCheckpoint(forged, [AUTHORITY])).toThrow('signature');
    }
  });
});

describe('our verifier', () => {
  // Key and note of the documentation and tests of golang.org/x/mod/sumdb/note.
  const GO_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  const GO_NOTE = `If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`;
  it('takes keys and signatures of Go, and says that a note is no head', async () => {
    const { readKeys, openCheckpoint } = await loadVerifier();
    const keys = readKeys(GO_KEY);
    expect(() => openCheckpoint(GO_NOTE, keys)).toThrow('it is no checkpoint');
    const forged = GO_NOTE.replace('answer', 'problem');
    expect(() => openCheckpoint(forged, keys)).toThrow('the signature is wrong');
    expect(() => readKeys(GO_KEY.replace('c74f20a3', 'c74f20a4'))).toThrow('damaged');
  });

  it('computes leaves as sha256sum would', async () => {
    const { folder } = await bundleOf(stores, {
      ...RANGE,
      query: { kind: 'hold', holdId: 'h-00-3' },
    });
    const [line = ''] = (await readFile(join(folder, 'chain-0.entries.jsonl'), 'utf8')).split('\n');
    const table = await readFile(join(folder, 'entries.csv'), 'utf8');
    expect(table).toContain(createHash('sha256').update(`\0${line}`).digest('hex'));
  });
});
