/** Seals drafts into a chain and verifies what was sealed; the format is described in `docs/journal.md`. */
import { formatInstant } from '../kernel/instant.ts';
import { canonicalJson } from './canonical-json.ts';
import type { Disclosure, EntryDraft, Json, SealedEntry } from './entry.ts';

/** What the hash of the entry before the first one is taken to be. */
export const NO_LEAF = '0'.repeat(64);

/** The last entry of a chain; `{ sequence: 0, leafHash: NO_LEAF }` where there is none. */
export interface ChainHead {
  readonly sequence: number;
  /** Hex. */
  readonly leafHash: string;
}

export interface SealingTools {
  /** SHA-256 over the UTF-8 of a text, as hex or unpadded base64url. */
  digest(text: string, encoding: 'hex' | 'base64url'): string;
  /** 16 fresh random bytes as unpadded base64url. */
  salt(): string;
}

type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** Unpadded base64url of SHA-256 over the canonical JSON of `[name, value, salt]`. */
export function commitmentOf(disclosure: Disclosure, sha256: Sha256): string {
  return base64url(sha256(utf8(committed(disclosure))));
}

function committed({ name, value, salt }: Disclosure): string {
  return canonicalJson([name, value, salt]);
}

/** Hex of SHA-256(0x00 ‖ UTF-8 of `canonical`), the leaf hash of RFC 6962. */
export function leafHashOf(canonical: string, sha256: Sha256): string {
  return hex(sha256(utf8(leafText(canonical))));
}

/** 0x00 is what RFC 6962 puts before a leaf. */
function leafText(canonical: string): string {
  return `\0${canonical}`;
}

/**
 * Seals drafts in their order behind `head`: sequences follow without a gap and each entry names the leaf hash of the one
 * before it. The caller MUST hold the lock on the chain's head until the entries are stored.
 */
export function sealEntries(
  head: ChainHead,
  chain: number,
  drafts: readonly EntryDraft[],
  tools: SealingTools,
): SealedEntry[] {
  let { sequence, leafHash } = head;
  return drafts.map((draft) => {
    const disclosures = Object.entries(draft.personal).map(([name, value]) => ({
      name,
      value,
      salt: tools.salt(),
    }));
    sequence += 1;
    const canonical = canonicalJson({
      v: 1,
      chain,
      sequence,
      previous: leafHash,
      type: draft.type,
      at: formatInstant(draft.at),
      body: draft.body,
      personal: Object.fromEntries(
        disclosures.map((disclosure) => [
          disclosure.name,
          tools.digest(committed(disclosure), 'base64url'),
        ]),
      ),
    });
    leafHash = tools.digest(leafText(canonical), 'hex');
    return {
      chain,
      sequence,
      type: draft.type,
      at: draft.at,
      canonical,
      leafHash,
      disclosures,
      ...(draft.payerId === undefined ? {} : { payerId: draft.payerId }),
    };
  });
}

export type EntryFault =
  /** Not canonical JSON of exactly the format's members. */
  | 'malformed'
  /** The text says another chain, sequence, type or time than the row it was found in. */
  | 'mislabelled'
  | 'wrong_leaf_hash'
  | 'wrong_disclosure';

export type ChainFault = EntryFault | 'gap' | 'broken_link';

/** Where a chain first breaks. */
export interface BrokenChain {
  readonly fault: ChainFault;
  /** Of the entry at which it shows. */
  readonly sequence: number;
}

/** What is wrong with one entry taken by itself, or undefined: text, labels, leaf hash and every disclosure that is there. */
export function verifyEntry(entry: SealedEntry, sha256: Sha256): EntryFault | undefined {
  const content = readCanonical(entry.canonical);
  return content === undefined ? 'malformed' : faultOf(entry, content, sha256);
}

function faultOf(
  entry: SealedEntry,
  content: EntryContent,
  sha256: Sha256,
): EntryFault | undefined {
  if (
    content.chain !== entry.chain ||
    content.sequence !== entry.sequence ||
    content.type !== entry.type ||
    content.at !== formatInstant(entry.at)
  ) {
    return 'mislabelled';
  }
  if (leafHashOf(entry.canonical, sha256) !== entry.leafHash) return 'wrong_leaf_hash';
  const allMatch = entry.disclosures.every((one) => matches(content, one, sha256));
  return allMatch ? undefined : 'wrong_disclosure';
}

/** True when value and salt are what the entry was sealed with. A disclosure that was erased proves and disproves nothing. */
export function verifyDisclosure(
  canonical: string,
  disclosure: Disclosure,
  sha256: Sha256,
): boolean {
  const content = readCanonical(canonical);
  return content !== undefined && matches(content, disclosure, sha256);
}

function matches(content: EntryContent, disclosure: Disclosure, sha256: Sha256): boolean {
  return (
    Object.hasOwn(content.personal, disclosure.name) &&
    content.personal[disclosure.name] === commitmentOf(disclosure, sha256)
  );
}

/**
 * Where consecutive entries of one chain first break, or undefined when they hold: each verifies, none is missing or out of
 * order, each names the leaf hash of the one before. `before` is the entry in front of the first one given; the chain's
 * beginning unless told.
 */
export function verifyChain(
  entries: readonly SealedEntry[],
  sha256: Sha256,
  before: ChainHead = { sequence: 0, leafHash: NO_LEAF },
): BrokenChain | undefined {
  const chain = entries[0]?.chain;
  let head = before;
  for (const entry of entries) {
    const { sequence } = entry;
    const content = readCanonical(entry.canonical);
    if (content === undefined) return { fault: 'malformed', sequence };
    const fault = entry.chain === chain ? faultOf(entry, content, sha256) : 'mislabelled';
    if (fault !== undefined) return { fault, sequence };
    if (sequence !== head.sequence + 1) return { fault: 'gap', sequence };
    if (content.previous !== head.leafHash) return { fault: 'broken_link', sequence };
    head = { sequence, leafHash: entry.leafHash };
  }
  return undefined;
}

interface EntryContent {
  readonly chain: Json;
  readonly sequence: Json;
  readonly previous: Json;
  readonly type: Json;
  readonly at: Json;
  readonly personal: { readonly [name: string]: Json };
}

const MEMBERS = 'at,body,chain,personal,previous,sequence,type,v';

/** The members of a canonical text, or undefined when it is not exactly what sealing writes. */
function readCanonical(canonical: string): EntryContent | undefined {
  let content: { readonly [key: string]: Json };
  try {
    content = JSON.parse(canonical) as { readonly [key: string]: Json };
    if (canonicalJson(content) !== canonical) return undefined;
  } catch {
    return undefined;
  }
  if (!isObject(content) || Object.keys(content).sort().join(',') !== MEMBERS) return undefined;
  const { v, chain, sequence, previous, type, at, body, personal } = content;
  if (v !== 1 || !isObject(body) || !isObject(personal)) return undefined;
  if (chain === undefined || sequence === undefined || previous === undefined) return undefined;
  if (type === undefined || at === undefined) return undefined;
  return { chain, sequence, previous, type, at, personal };
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const ENCODER = new TextEncoder();

function utf8(text: string): Uint8Array {
  return ENCODER.encode(text);
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX[byte];
  return text;
}

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function base64url(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let pending = 0;
  for (const byte of bytes) {
    pending = ((pending << 8) | byte) & 0xffff;
    bits += 8;
    for (; bits >= 6; bits -= 6) text += BASE64URL.charAt((pending >> (bits - 6)) & 63);
  }
  return bits === 0 ? text : text + BASE64URL.charAt((pending << (6 - bits)) & 63);
}
