/** Ed25519 keys of the journal in the text forms of Go's `sumdb/note`: made, read, used to sign. Structurally the application's `NoteSigner`. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  sign,
  type KeyObject,
} from 'node:crypto';

/** C2SP signed-note: the byte in front of an Ed25519 key. Another suite has another byte and stands beside it. */
const ED25519 = 1;
/** What stands before the 32 bytes of a private key in PKCS #8 (RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const NAME = /^[^\s+]{1,200}$/u;
const PRIVATE = /^PRIVATE\+KEY\+([^\s+]+)\+([\da-f]{8})\+([A-Za-z\d+/]+=*)$/u;

export interface JournalKeyPair {
  /** `PRIVATE+KEY+<name>+<id>+<base64>`: a secret. */
  readonly privateKey: string;
  /** `<name>+<id>+<base64>`: what an auditor is given. */
  readonly publicKey: string;
}

/** A fresh pair. Throws a line of one sentence for a name that no key may have. */
export function makeJournalKey(name: string): JournalKeyPair {
  if (!NAME.test(name)) throw new Error('the name of a key has no spaces and no plus sign');
  const { privateKey } = generateKeyPairSync('ed25519');
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
  const seed = pkcs8.subarray(pkcs8.length - 32);
  const publicKey = publicKeyText(name, rawPublicKey(privateKey));
  const id = publicKey.split('+')[1] ?? '';
  const secret = Buffer.concat([Buffer.from([ED25519]), seed]).toString('base64');
  return { privateKey: `PRIVATE+KEY+${name}+${id}+${secret}`, publicKey };
}

export interface JournalSigner {
  readonly journal: string;
  readonly publicKeys: readonly string[];
  sign(text: string): readonly string[];
}

/**
 * A signer with one or more keys of the same journal, separated by white space: while a key is being replaced, the old and the new
 * one sign side by side. Throws one line that names no part of a key.
 */
export function readJournalKeys(text: string): JournalSigner {
  const keys = text.trim().split(/\s+/).map(readKey);
  const [first] = keys;
  if (first === undefined || keys.some((key) => key.name !== first.name)) {
    throw new Error('the journal keys must all bear the same name');
  }
  return {
    journal: first.name,
    publicKeys: keys.map((key) => key.publicKey),
    sign: (note) =>
      keys.map(({ name, id, secret }) => {
        const signature = sign(null, Buffer.from(note, 'utf8'), secret);
        return `— ${name} ${Buffer.concat([id, signature]).toString('base64')}`;
      }),
  };
}

interface JournalKey {
  readonly name: string;
  readonly id: Buffer;
  readonly secret: KeyObject;
  readonly publicKey: string;
}

function readKey(text: string): JournalKey {
  const [, name = '', id = '', base64 = ''] = PRIVATE.exec(text) ?? [];
  const bytes = Buffer.from(base64, 'base64');
  if (name === '' || bytes.length !== 33 || bytes[0] !== ED25519) {
    throw new Error('a journal key must be a line that `lengjing audit keygen` printed');
  }
  const der = Buffer.concat([PKCS8_PREFIX, bytes.subarray(1)]);
  const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = publicKeyText(name, rawPublicKey(secret));
  if (publicKey.split('+')[1] !== id) {
    throw new Error('a journal key is damaged: its id does not fit its name and key');
  }
  return { name, id: Buffer.from(id, 'hex'), secret, publicKey };
}

function rawPublicKey(secret: KeyObject): Buffer {
  const spki = createPublicKey(secret).export({ format: 'der', type: 'spki' });
  return spki.subarray(spki.length - 32);
}

function publicKeyText(name: string, raw: Buffer): string {
  const key = Buffer.concat([Buffer.from([ED25519]), raw]);
  const id = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), key]), 'hex').slice(0, 8);
  return `${name}+${id}+${key.toString('base64')}`;
}
