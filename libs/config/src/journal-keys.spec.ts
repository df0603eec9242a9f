/** Keys of the journal: the forms of Go's sumdb/note, and what is not one. */
import { verify, createPublicKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { makeJournalKey, readJournalKeys } from './journal-keys.ts';

// golang.org/x/mod/sumdb/note, documentation of NewSigner and NewVerifier.
const GO_PRIVATE = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const GO_PUBLIC = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const GO_TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const GO_SIGNATURE =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=';

describe('a journal key', () => {
  it('of Go is read, tells the same public key and signs the same bytes', () => {
    const signer = readJournalKeys(GO_PRIVATE);
    expect(signer.publicKeys).toEqual([GO_PUBLIC]);
    expect(signer.sign(GO_TEXT)).toEqual([GO_SIGNATURE]);
  });

  it('made here signs what its public key verifies', () => {
    const pair = makeJournalKey('bank.example/journal');
    const signer = readJournalKeys(`${pair.privateKey}\n`);
    expect(signer.journal).toBe('bank.example/journal');
    expect(signer.publicKeys).toEqual([pair.publicKey]);
    const [line = ''] = signer.sign('text\n');
    const raw = Buffer.from(pair.publicKey.split('+').slice(2).join('+'), 'base64').subarray(1);
    const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]);
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    const bytes = Buffer.from(line.split(' ')[2] ?? '', 'base64');
    expect(verify(null, Buffer.from('text\n'), key, bytes.subarray(4))).toBe(true);
    expect(bytes.toString('hex', 0, 4)).toBe(pair.publicKey.split('+')[1]);
  });

  it('being replaced signs beside the new one', () => {
    const [a, b] = [makeJournalKey('a.example/j'), makeJournalKey('a.example/j')];
    expect(readJournalKeys(`${a.privateKey}\n${b.privateKey}`).sign('x\n')).toHaveLength(2);
  });

  it.each([
    [
      'of another journal beside it',
      `${GO_PRIVATE} ${makeJournalKey('other').privateKey}`,
      'the same name',
    ],
    ['without a key', 'PRIVATE+KEY+a', 'must be a line'],
    ['of another suite', GO_PRIVATE.replace('+AYEK', '+AoEK'), 'must be a line'],
    ['that was damaged', GO_PRIVATE.replace('LVFG', 'LVFH'), 'is damaged'],
    ['with another name', GO_PRIVATE.replace('Peter', 'Paula'), 'is damaged'],
    ['that is empty', '', 'must be a line'],
  ])('%s is refused in one line that tells no part of it', (_what, text, message) => {
    const read = () => readJournalKeys(text);
    expect(read).toThrow(message);
    expect(read).not.toThrow(/AYEK/);
  });

  it.each(['', 'with space', 'with+plus'])('has no name %j', (name) => {
    expect(() => makeJournalKey(name)).toThrow('no spaces and no plus sign');
  });
});
