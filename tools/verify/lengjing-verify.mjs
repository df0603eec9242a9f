#!/usr/bin/env node
/**
 * Checks an export of Lengjing's journal. One file, no dependencies, no network: Node.js 20.12 or newer, the public key, and the folder.
 *
 *   node lengjing-verify.mjs --key KEY [--topics] [--seen CHECKPOINT]… FOLDER
 *
 *   --key     the public key, or a file with one or more of them (`name+id+base64`, as Go's sumdb/note writes them). Take it from your
 *             agreement or over another channel, never from the folder itself.
 *   --topics  also proves from the batch entries that every input record in the range was decided, kept or refused
 *   --seen    a checkpoint you kept from an earlier export or from a witness: proves that history was not rewritten since
 *
 * Prints what is wrong, one line each with the entry it concerns, and ends with 0 where nothing is, with 1 otherwise.
 *
 * What it relies on, and where that is written down:
 *   leaf of an entry   SHA-256(0x00 ‖ bytes of its line)          RFC 6962 §2.1
 *   inner node         SHA-256(0x01 ‖ left ‖ right)               RFC 6962 §2.1
 *   head of a tree     a signed note: origin, size, root          C2SP tlog-checkpoint, signed-note (Ed25519)
 *   single entries     the path from the leaf to the head         C2SP tlog-proof
 *   personal values    SHA-256 of the JSON [name, value, salt]    RFC 8785, base64url
 * Every entry also names the leaf of the entry before it, which is how a changed entry is found and not only noticed.
 */
import { createHash, createPublicKey, hash, verify } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const sha256 = (bytes) => hash('sha256', bytes, 'buffer');

/** One buffer for all that is hashed: a million entries make two million hashes. */
let scratch = Buffer.alloc(1 << 16);

function leafOf(line) {
  if (line.length >= scratch.length) scratch = Buffer.alloc(2 * line.length);
  scratch[0] = 0;
  line.copy(scratch, 1);
  return sha256(scratch.subarray(0, 1 + line.length));
}

function node(left, right) {
  scratch[0] = 1;
  left.copy(scratch, 1);
  right.copy(scratch, 1 + left.length);
  return sha256(scratch.subarray(0, 1 + left.length + right.length));
}

// ── Keys and signed heads ────────────────────────────────────────────────────────────────────────────────────────────────────

/** `name+id+base64(0x01 ‖ 32 bytes)`, one per line. */
export function readKeys(text) {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name, id, base64 = ''] = line.trim().split(/\+(?=[\da-f]{8}\+)|(?<=\+[\da-f]{8})\+/);
      const key = Buffer.from(base64, 'base64');
      const expected = sha256(Buffer.concat([Buffer.from(`${name}\n`), key])).subarray(0, 4);
      if (key.length !== 33 || key[0] !== 1 || id !== expected.toString('hex')) {
        throw new Error('not a public key of the form name+id+base64, or damaged');
      }
      const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key.subarray(1)]);
      return { name, id, publicKey: createPublicKey({ key: der, format: 'der', type: 'spki' }) };
    });
}

/** Origin, size and root of a note that one of the keys has signed; throws where none has, or one of them differs. */
export function openCheckpoint(note, keys) {
  const end = note.lastIndexOf('\n\n');
  const text = note.slice(0, end + 1);
  let signed = false;
  for (const line of note
    .slice(end + 2)
    .split('\n')
    .slice(0, -1)) {
    const [, name, base64] = /^— ([^ +]+) ([A-Za-z\d+/]+=*)$/.exec(line) ?? [];
    const bytes = Buffer.from(base64 ?? '', 'base64');
    // Of several texts for the same bytes only one is canonical, here and below.
    if (bytes.toString('base64') !== base64) throw new Error('a signature line is malformed');
    const key = keys.find((one) => one.name === name && one.id === bytes.toString('hex', 0, 4));
    if (key === undefined) continue;
    if (!verify(null, Buffer.from(text), key.publicKey, bytes.subarray(4))) {
      throw new Error('the signature is wrong');
    }
    signed = true;
  }
  if (!note.endsWith('\n')) throw new Error('it is cut off');
  if (!signed) throw new Error('it is not signed with the key');
  const match = /^(.+)\n(0|[1-9]\d*)\n([A-Za-z\d+/]{43}=)\n$/.exec(text);
  if (match === null) throw new Error('it is no checkpoint');
  const root = Buffer.from(match[3], 'base64');
  if (root.toString('base64') !== match[3]) throw new Error('it is no checkpoint');
  return { origin: match[1], size: Number(match[2]), root };
}

// ── Trees ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Heights of the complete subtrees that make up the leaves from `from` to `to`, from left to right. */
function heightsOf(from, to) {
  const heights = [];
  for (let at = from; at < to; at += 2 ** heights.at(-1)) {
    let height = 0;
    while (at % 2 ** (height + 1) === 0 && at + 2 ** (height + 1) <= to) height += 1;
    heights.push(height);
  }
  return heights;
}

/** Grows leaf by leaf; equal neighbours join. */
class Tree {
  stack = [];

  push(hashed, height = 0) {
    let joined = { hashed, height };
    while (this.stack.at(-1)?.height === joined.height) {
      joined = { hashed: node(this.stack.pop().hashed, joined.hashed), height: joined.height + 1 };
    }
    this.stack.push(joined);
  }

  root() {
    const [last, ...before] = this.stack.toReversed();
    if (last === undefined) return sha256(Buffer.alloc(0));
    return before.reduce((right, { hashed }) => node(hashed, right), last.hashed);
  }
}

/** Pushes given subtrees; false where there are not as many as the span has. */
function pushAll(tree, from, to, base64) {
  const heights = heightsOf(from, to);
  if (!Array.isArray(base64) || base64.length !== heights.length) return false;
  base64.forEach((one, place) => tree.push(Buffer.from(one, 'base64'), heights[place]));
  return true;
}

/** The root to which the path of the leaf at `index` leads in a tree of `size` (RFC 9162 §2.1.3.2). */
function rootOfPath(leaf, index, size, path) {
  let [at, last, root] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (at % 2 === 1 || at === last) {
      root = node(sibling, root);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else root = node(root, sibling);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 ? root : undefined;
}

/** Checks a `.tlog-proof` for the bytes of an entry; throws one line saying what is wrong, returns the head it stands under. */
export function checkProof(text, line, sequence, keys) {
  const cut = text.indexOf('\n\n');
  const [head, index, ...path] = text.slice(0, cut).split('\n');
  if (head !== 'c2sp.org/tlog-proof@v1' || index !== `index ${sequence - 1}`) {
    throw new Error('the proof is of another entry');
  }
  const checkpoint = openCheckpoint(text.slice(cut + 2), keys);
  const hashes = path.map((one) => Buffer.from(one, 'base64'));
  const canonical = hashes.every(
    (one, at) => one.length === 32 && one.toString('base64') === path[at],
  );
  const root = canonical && rootOfPath(leafOf(line), sequence - 1, checkpoint.size, hashes);
  if (!root || !root.equals(checkpoint.root))
    throw new Error('its proof does not lead to the signed head');
  return checkpoint;
}

// ── Personal values ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** RFC 8785: members in order of their names, no blanks. */
function canonical(value) {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
}

const commitmentOf = ({ name, value, salt }) =>
  sha256(Buffer.from(canonical([name, value, salt]))).toString('base64url');

// ── Files ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Calls `take` with the bytes of every line; resolves with the file's digest, size, and whether the last line was ended. */
async function forEachLine(path, take) {
  const digest = createHash('sha256');
  let [rest, bytes] = [Buffer.alloc(0), 0];
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) {
    digest.update(piece);
    bytes += piece.length;
    const data = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let start = 0;
    for (let end = data.indexOf(10); end >= 0; end = data.indexOf(10, start)) {
      take(data.subarray(start, end));
      start = end + 1;
    }
    rest = data.subarray(start);
  }
  return { sha256: digest.digest('hex'), bytes, ended: rest.length === 0 };
}

/** Small files at once, large ones in pieces. */
async function digestOf(path) {
  const { size } = statSync(path);
  if (size > 1 << 24) return forEachLine(path, () => undefined);
  return { sha256: sha256(readFileSync(path)).toString('hex'), bytes: size };
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => !one.isDirectory())
    .map((one) => join(one.parentPath ?? one.path, one.name).slice(folder.length + 1))
    .map((name) => name.split(sep).join('/'));
}

function parse(bytes) {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

// ── One chain ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Walks the entries of one chain in order and notes what does not fit. */
class ChainCheck {
  tree = new Tree();
  entries = 0;
  types = {};
  policies = {};
  /** Commitments of disclosed names by sequence, for the disclosures that follow. */
  commitments = new Map();
  suspect = undefined;
  leaf = undefined;
  findings = [];

  constructor(told, { keys, disclosed, seen, folder, checkpoint, topics }) {
    Object.assign(this, { told, keys, disclosed, seen, folder, checkpoint, topics });
    this.next = told.from;
    if (told.complete && !pushAll(this.tree, 0, told.from - 1, told.left)) {
      this.find(told.from, 'the subtrees before the range are not those of its place');
    }
  }

  find(sequence, what) {
    this.findings.push({ chain: this.told.chain, sequence, what });
  }

  take(line) {
    const entry = parse(line);
    const leaf = leafOf(line);
    if (
      entry?.v !== 1 ||
      !Number.isSafeInteger(entry.sequence) ||
      typeof entry.personal !== 'object'
    ) {
      this.find(this.next, 'is no entry');
      this.settle(leaf, this.next);
      return;
    }
    if (entry.chain !== this.told.chain) this.find(entry.sequence, 'belongs to another chain');
    if (this.told.complete) this.checkPlace(entry, leaf);
    else this.checkSingle(entry, line);
    this.count(entry);
    this.settle(leaf, entry.sequence);
  }

  settle(leaf, sequence) {
    this.entries += 1;
    this.leaf = leaf;
    this.next = sequence + 1;
    if (!this.told.complete) return;
    this.tree.push(leaf);
    const seen = this.seen.find((one) => one.size === this.told.from - 1 + this.entries);
    if (seen === undefined) return;
    seen.compared = true;
    if (!this.tree.root().equals(seen.root)) {
      this.find(sequence, 'history up to here is not the one that was signed before');
    }
  }

  /** A changed entry breaks the link behind it; one whose link was changed breaks both, and is then the only one to blame. */
  checkPlace(entry, leaf) {
    if (entry.sequence > this.next) this.find(this.next, `is missing, up to ${entry.sequence - 1}`);
    if (entry.sequence < this.next) this.find(entry.sequence, 'is there twice or out of order');
    const broken = this.leaf !== undefined && entry.previous !== this.leaf.toString('hex');
    if (this.suspect !== undefined) {
      const [sequence] = this.suspect;
      this.find(broken ? entry.sequence - 1 : sequence, 'was changed, or something beside it was');
      this.suspect = undefined;
    } else if (broken) this.suspect = [entry.sequence - 1, leaf];
  }

  checkSingle(entry, line) {
    if (entry.sequence < this.next) this.find(entry.sequence, 'is there twice or out of order');
    const name = `${nameOf(entry.chain)}-${entry.sequence}.tlog-proof`;
    const path = join(this.folder, 'proofs', name);
    try {
      const head = checkProof(readFileSync(path, 'utf8'), line, entry.sequence, this.keys);
      if (head.origin !== this.checkpoint?.origin || head.size !== this.checkpoint.size) {
        this.find(entry.sequence, 'its proof stands under another head');
      }
    } catch (error) {
      this.find(entry.sequence, existsSync(path) ? error.message : 'has no proof');
    }
  }

  count(entry) {
    this.types[entry.type] = (this.types[entry.type] ?? 0) + 1;
    if (entry.type === 'decision.made' && entry.body.policy) {
      const { id, version, digest } = entry.body.policy;
      const key = `${id} ${version} ${digest}`;
      this.policies[key] = (this.policies[key] ?? 0) + 1;
    }
    const disclosed = this.disclosed.filter((name) => Object.hasOwn(entry.personal, name));
    if (disclosed.length > 0) {
      this.commitments.set(
        entry.sequence,
        disclosed.map((name) => [name, entry.personal[name]]),
      );
    }
    this.topics?.take(entry);
  }

  /** After the last entry. */
  end() {
    const { told } = this;
    if (this.suspect !== undefined)
      this.find(this.suspect[0], 'was changed, or the one behind it was');
    if (this.entries !== told.entries) {
      this.find(this.next, `${this.entries} entries, the manifest says ${told.entries}`);
    }
    if (!told.complete || this.checkpoint === undefined) return;
    if (this.next !== told.to + 1)
      this.find(this.next, `the range ends here instead of at ${told.to}`);
    const fits = pushAll(this.tree, told.to, told.size, told.right);
    if (fits && this.tree.root().equals(this.checkpoint.root)) return;
    this.find(
      told.to,
      'the entries do not lead to the signed head: changed, cut, or another history',
    );
  }

  takeDisclosure(line) {
    const one = parse(line);
    const open = this.commitments.get(one?.sequence);
    const found = open?.find(([name]) => name === one.name);
    if (found === undefined)
      this.find(one?.sequence ?? 0, 'a value is disclosed that it does not have');
    else if (one.chain !== this.told.chain || commitmentOf(one) !== found[1]) {
      this.find(one.sequence, `false disclosure: ${one.name} is not what was committed to`);
    }
    if (found !== undefined)
      this.commitments.set(
        one.sequence,
        open.filter((each) => each !== found),
      );
  }

  /** Names that should be disclosed and are not: erased, if the manifest says as many. */
  erased() {
    const counts = {};
    for (const [name] of [...this.commitments.values()].flat())
      counts[name] = (counts[name] ?? 0) + 1;
    return counts;
  }
}

const nameOf = (chain) => (chain === -1 ? 'house' : String(chain));

// ── Every input offset was decided, kept or refused ──────────────────────────────────────────────────────────────────────────

class TopicCheck {
  reached = {};
  since = { decided: 0, superseded: 0, refused: 0 };
  records = 0;
  first = true;

  constructor(find) {
    this.find = find;
  }

  take({ type, sequence, body }) {
    if (type === 'decision.made') this.since[body.sequence === 1 ? 'decided' : 'superseded'] += 1;
    if (type === 'record.refused') this.since.refused += 1;
    if (type !== 'batch.consumed') return;
    const { counts } = body;
    for (const { topic, from, to } of body.ranges) {
      const reached = this.reached[topic];
      if (reached !== undefined && from !== reached) {
        this.find(sequence, `${topic}: offsets ${reached} to ${from - 1} are not accounted for`);
      }
      this.reached[topic] = to;
    }
    const records = body.ranges.reduce((sum, range) => sum + range.records, 0);
    const told = counts.kept + counts.repeated + counts.ignored + counts.refused;
    if (records !== told)
      this.find(sequence, `${records} records were read and ${told} accounted for`);
    // The first batch may have begun before the range.
    for (const name of this.first ? [] : Object.keys(this.since)) {
      if (this.since[name] === counts[name]) continue;
      this.find(
        sequence,
        `${counts[name]} ${name}, and ${this.since[name]} such entries stand before it`,
      );
    }
    this.records += records;
    this.since = { decided: 0, superseded: 0, refused: 0 };
    this.first = false;
  }
}

// ── The bundle ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Resolves with what is wrong (`findings`, each with `chain` and `sequence` where it concerns an entry) and what was checked. */
export async function verifyBundle(folder, { keys, topics = false, seen = [] }) {
  const findings = [];
  const find = (what, place = {}) => findings.push({ ...place, what });
  const text = existsSync(join(folder, 'manifest.json'))
    ? readFileSync(join(folder, 'manifest.json'))
    : undefined;
  const manifest = text === undefined ? undefined : parse(text);
  if (
    manifest?.format !== 'lengjing-export/1' ||
    !Array.isArray(manifest.chains) ||
    !Array.isArray(manifest.files)
  ) {
    return { findings: [{ what: 'manifest.json is missing or is none' }], entries: 0 };
  }
  checkReceipt(folder, manifest, sha256(text).toString('hex'), keys, find);
  const digests = new Map();
  const counted = { types: {}, policies: {}, erased: {} };
  const topicLines = [];
  let entries = 0;
  for (const told of manifest.chains) {
    const check = await checkChain(folder, manifest, told, { keys, topics, seen, digests });
    findings.push(...check.findings);
    entries += check.entries;
    for (const kind of ['types', 'policies']) addAll(counted[kind], check[kind]);
    addAll(counted.erased, check.erased());
    if (topics && check.topics.records > 0)
      topicLines.push({
        chain: told.chain,
        records: check.topics.records,
        reached: check.topics.reached,
      });
  }
  const told = {
    types: manifest.types,
    policies: manifest.policies,
    erased: { ...manifest.erased },
  };
  addAll(told.erased, manifest.restricted ?? {});
  for (const kind of ['types', 'policies', 'erased']) {
    const same = canonical(counted[kind]) === canonical(told[kind] ?? {});
    if (!same) find(`the manifest counts other ${kind} than there are`);
  }
  await checkFiles(folder, manifest.files, digests, find);
  for (const one of seen) {
    if (!one.compared)
      find(
        `the checkpoint of ${one.origin} at ${one.size} cannot be compared: the range does not reach it`,
      );
  }
  return { findings, entries, manifest, topics: topicLines };
}

function addAll(counts, more) {
  for (const [name, count] of Object.entries(more)) counts[name] = (counts[name] ?? 0) + count;
}

async function checkChain(folder, manifest, told, { keys, topics, seen, digests }) {
  const origin = `${manifest.journal}/${nameOf(told.chain)}`;
  const base = `chain-${nameOf(told.chain)}`;
  let checkpoint;
  let problem = '';
  try {
    checkpoint = openCheckpoint(readFileSync(join(folder, `${base}.checkpoint`), 'utf8'), keys);
    if (checkpoint.origin !== origin) problem = `it is of ${checkpoint.origin}`;
    if (checkpoint.size !== told.size || checkpoint.root.toString('base64') !== told.root) {
      problem ||= 'it is not the one the manifest names';
    }
  } catch (error) {
    problem = error.code === 'ENOENT' ? 'it is missing' : error.message;
  }
  const disclosed = manifest.mask === 'open' ? manifest.disclosed : [];
  const ofChain = seen.filter((one) => one.origin === origin);
  const check = new ChainCheck(told, { keys, disclosed, seen: ofChain, folder, checkpoint });
  if (problem !== '') check.find(told.size, `the checkpoint does not hold: ${problem}`);
  if (topics) check.topics = new TopicCheck((sequence, what) => check.find(sequence, what));
  await walk(folder, `${base}.entries.jsonl`, digests, check, (line) => check.take(line));
  check.end();
  if (disclosed.length > 0) {
    await walk(folder, `${base}.disclosures.jsonl`, digests, check, (line) =>
      check.takeDisclosure(line),
    );
  }
  return check;
}

async function walk(folder, name, digests, check, take) {
  try {
    const read = await forEachLine(join(folder, name), (line) => {
      try {
        take(line);
      } catch {
        check.find(check.next, `${name} has a line that is none of ours`);
      }
    });
    if (!read.ended) check.find(check.next, `${name} is cut off in the middle of a line`);
    digests.set(name, read);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

/** The journal's own entry about this export names the digest of the manifest, and stands under a signed head. */
function checkReceipt(folder, manifest, digest, keys, find) {
  try {
    const lines = readFileSync(join(folder, 'receipt.jsonl'));
    const line = lines.subarray(0, -1);
    const entry = parse(line);
    if (lines.at(-1) !== 10 || entry?.type !== 'export.made' || entry.chain !== -1) {
      throw new Error('it is no entry of an export');
    }
    const proof = readFileSync(join(folder, 'receipt.tlog-proof'), 'utf8');
    const head = checkProof(proof, line, entry.sequence, keys);
    if (head.origin !== `${manifest.journal}/house`) throw new Error('it is of another journal');
    if (entry.body.manifest !== digest)
      throw new Error('the manifest is not the one that was journaled');
  } catch (error) {
    const what = error.code === 'ENOENT' ? 'it is missing' : error.message;
    find(`the receipt does not hold: ${what}`);
  }
}

async function checkFiles(folder, files, digests, find) {
  const listed = new Set(['manifest.json', 'receipt.jsonl', 'receipt.tlog-proof']);
  for (const { name, bytes, sha256: digest } of files) {
    listed.add(name);
    const path = resolve(folder, name);
    if (!path.startsWith(resolve(folder) + sep) || !existsSync(path)) {
      find(`${name} is missing`);
      continue;
    }
    const read = digests.get(name) ?? (await digestOf(path));
    if (read.sha256 !== digest || read.bytes !== bytes)
      find(`${name} is not what the manifest says`);
  }
  for (const name of filesIn(resolve(folder))) {
    if (!listed.has(name)) find(`${name} is not in the manifest`);
  }
}

// ── The command ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

function said({ chain, sequence, what }) {
  return chain === undefined ? what : `chain ${nameOf(chain)}, entry ${sequence}: ${what}`;
}

/** Runs the command and returns its exit status. `say` is given each line. */
export async function main(args, say) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      key: { type: 'string' },
      topics: { type: 'boolean' },
      seen: { type: 'string', multiple: true },
    },
  });
  const [folder] = positionals;
  if (values.key === undefined || positionals.length !== 1) {
    say('usage: node lengjing-verify.mjs --key KEY [--topics] [--seen CHECKPOINT]… FOLDER');
    return 2;
  }
  const keys = readKeys(existsSync(values.key) ? readFileSync(values.key, 'utf8') : values.key);
  const seen = (values.seen ?? []).map((path) => openCheckpoint(readFileSync(path, 'utf8'), keys));
  const { findings, entries, manifest, topics } = await verifyBundle(resolve(folder), {
    keys,
    topics: values.topics,
    seen,
  });
  for (const one of findings) say(`✗ ${said(one)}`);
  for (const { chain, records, reached } of topics ?? []) {
    const upTo = Object.entries(reached).map(([topic, offset]) => `${topic} < ${offset}`);
    say(`  chain ${nameOf(chain)}: ${records} input records accounted for (${upTo.join(', ')})`);
  }
  if (findings.length > 0) {
    say(`${findings.length} finding(s): this export is not what was journaled and signed.`);
    return 1;
  }
  say(
    `✓ ${entries} entries of ${manifest.chains.length} chain(s) are what was journaled and signed by ${manifest.journal}.`,
  );
  return 0;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = await main(process.argv.slice(2), (line) =>
      process.stdout.write(`${line}\n`),
    );
  } catch (error) {
    process.stderr.write(`lengjing-verify: ${error.message}\n`);
    process.exitCode = 2;
  }
}
