/** What must hold of every run, whatever went wrong in it. Each check returns what it found broken, in words; nothing where all is well. */
import { encodeEntry } from '#contracts';
import { NODE_HASHING } from '#config';
import {
  decisionIdOf,
  isSubjectEvent,
  subjectKey,
  subjectOf,
  tierRank,
  verifyChain,
  type Input,
} from '#domain';
import { checkHolds } from './checks-holds.ts';
import { readJournal, type JournalContent, type RunRecord } from './run-record.ts';

export interface CheckOptions {
  /** Every hold has had time to end. */
  readonly allHoldsEnded?: boolean;
  /** Records may have been set aside because we failed on them. */
  readonly maySetAside?: boolean;
}

/** All checks. At most a hundred findings, so that a broken run can be read. */
export function checkRun(run: RunRecord, options: CheckOptions = {}): readonly string[] {
  const journal = readJournal(run.chains);
  return [
    ...checkChains(run),
    ...checkCoverage(run, journal),
    ...checkDecisions(run, journal),
    ...checkRefusals(run, journal, options),
    ...checkHolds(run, journal, options),
    // Last: one entry too many in a chain, and every message behind it is another one's.
    ...checkPublished(run),
  ].slice(0, 100);
}

function checkChains({ chains }: RunRecord): string[] {
  return [...chains].flatMap(([chain, entries]) => {
    const broken = verifyChain(entries, NODE_HASHING.sha256);
    return broken === undefined ? [] : [`chain ${chain}: ${broken.fault} at ${broken.sequence}`];
  });
}

interface Coverage {
  readonly to: number;
  readonly records: number;
}

const NOTHING: Coverage = { to: 0, records: 0 };

/** Batch entries cover every offset of every topic exactly once, and count what they cover. */
function checkCoverage({ inputs }: RunRecord, { batches, decisions }: JournalContent): string[] {
  const found: string[] = [];
  const covered = new Map<string, Coverage>();
  for (const { chain, sequence, body } of batches) {
    const { kept, repeated, ignored, refused } = body.counts;
    const records = body.ranges.reduce((sum, range) => sum + range.records, 0);
    if (kept + repeated + ignored + refused !== records) {
      found.push(`chain ${chain}: the counts of batch ${sequence} are not those of its records`);
    }
    for (const { topic, from, to, records: count } of body.ranges) {
      const key = `${topic} ${chain}`;
      const before = covered.get(key) ?? NOTHING;
      if (from !== before.to) {
        found.push(`${key}: a batch begins at ${from}, the one before ended at ${before.to}`);
      }
      covered.set(key, { to, records: before.records + count });
    }
  }
  const lying = new Map<string, Coverage>();
  for (const { topic, partition, offset } of inputs) {
    const key = `${topic} ${partition}`;
    const { to, records } = lying.get(key) ?? NOTHING;
    lying.set(key, { to: Math.max(to, offset + 1), records: records + 1 });
  }
  for (const key of new Set([...lying.keys(), ...covered.keys()])) {
    const [log, journal] = [lying.get(key) ?? NOTHING, covered.get(key) ?? NOTHING];
    if (log.to !== journal.to || log.records !== journal.records) {
      found.push(
        `${key}: ${journal.records} records to ${journal.to} consumed, of ${log.records} to ${log.to}`,
      );
    }
  }
  return [...found, ...checkCounts(batches, decisions)];
}

function checkCounts(
  batches: JournalContent['batches'],
  decisions: JournalContent['decisions'],
): string[] {
  const firsts = decisions.filter(({ body }) => body.sequence === 1).length;
  const decided = batches.reduce((sum, { body }) => sum + body.counts.decided, 0);
  const superseded = batches.reduce((sum, { body }) => sum + body.counts.superseded, 0);
  if (decided === firsts && decided + superseded === decisions.length) return [];
  return [`batches count ${decided} and ${superseded} decisions of ${decisions.length}`];
}

/** Every subject that was asked for and can be named has decisions 1, 2, … in the chain of its partition, each stricter than the one before. */
function checkDecisions({ inputs }: RunRecord, { decisions }: JournalContent): string[] {
  const found: string[] = [];
  const asked = new Map<string, Set<number>>();
  for (const input of inputs) {
    const key = askedKey(input);
    if (key !== undefined) asked.set(key, (asked.get(key) ?? new Set()).add(input.partition));
  }
  const made = Map.groupBy(decisions, ({ subject }) => subjectKey(subject));
  for (const key of asked.keys()) if (!made.has(key)) found.push(`${named(key)}: no decision`);
  for (const [key, ofSubject] of made) {
    const chains = new Set(ofSubject.map(({ chain }) => chain));
    const [chain = -1] = chains;
    if (chains.size !== 1 || asked.get(key)?.has(chain) !== true) {
      found.push(`${named(key)}: decided in chains ${[...chains].join()}, where nobody asked`);
    }
    ofSubject.forEach(({ subject, body }, index) => {
      const id = decisionIdOf(subject, index + 1, NODE_HASHING.sha1);
      if (body.sequence !== index + 1 || body.decisionId !== id) {
        found.push(`${named(key)}: decision ${index + 1} has sequence ${body.sequence}`);
      }
      const before = ofSubject[index - 1]?.body;
      if (body.supersedes !== before?.decisionId) {
        found.push(`${named(key)}: decision ${index + 1} does not supersede the one before`);
      }
      if (before !== undefined && tierRank(body.tier) <= tierRank(before.tier)) {
        found.push(`${named(key)}: decision ${index + 1} is no stricter than the one before`);
      }
    });
  }
  return found;
}

function askedKey(input: Input): string | undefined {
  if (input.kind === 'refused') {
    return input.subject === undefined ? undefined : subjectKey(input.subject.subject);
  }
  if (input.kind !== 'event' || !isSubjectEvent(input.event)) return undefined;
  return subjectKey(subjectOf(input.event));
}

const named = (key: string): string => key.split('\n').slice(1).join(' ');

/** Each refused record stands once in the journal, and nothing else but requests whose identity was taken. */
function checkRefusals(
  { inputs }: RunRecord,
  { refusals }: JournalContent,
  { maySetAside = false }: CheckOptions,
): string[] {
  const found: string[] = [];
  const place = (one: { topic: string; partition: number; offset: number }): string =>
    `${one.topic} ${one.partition} ${one.offset}`;
  const journaled = new Map<string, string>();
  for (const { body } of refusals) {
    if (journaled.has(place(body))) found.push(`${place(body)}: refused twice`);
    journaled.set(place(body), body.code);
  }
  const identities = new Map<string, Map<string, boolean>>();
  for (const input of inputs) {
    const code = journaled.get(place(input));
    journaled.delete(place(input));
    const expected = input.kind === 'refused' ? input.code : undefined;
    if (expected !== undefined && code !== expected) {
      found.push(`${place(input)}: refused as ${code ?? 'nothing'}, not as ${expected}`);
    }
    if (expected !== undefined) continue;
    if (code === 'processing_failed' && maySetAside) continue;
    const conflicts = code === 'subject_conflict' && askedKey(input) !== undefined;
    if (code !== undefined && !conflicts) found.push(`${place(input)}: refused as ${code}`);
    if (input.kind !== 'event' || !isSubjectEvent(input.event)) continue;
    const key = subjectKey(subjectOf(input.event));
    const identity = `${input.partition}\n${input.event.payer.accountId}\n${input.contentHash}`;
    const ofSubject = identities.get(key) ?? new Map<string, boolean>();
    identities.set(key, ofSubject);
    const known = ofSubject.get(identity);
    if (known !== undefined && known !== conflicts) {
      found.push(`${named(key)}: the same request was both taken and refused`);
    }
    ofSubject.set(identity, conflicts);
  }
  for (const [key, ofSubject] of identities) {
    const taken = [...ofSubject.values()].filter((conflicts) => !conflicts).length;
    if (taken > 1) found.push(`${named(key)}: ${taken} different requests were taken`);
  }
  for (const [where, code] of journaled) found.push(`${where}: refused as ${code}, and not there`);
  return found;
}

/** Every entry's messages are on their topics with the journal's bytes; their first appearances are in the order of the chain. */
function checkPublished({ chains, published }: RunRecord): string[] {
  const found: string[] = [];
  const lane = ({ topic, partition }: { topic: string; partition: number }): string =>
    `${topic} ${partition}`;
  const expected = new Map<string, Map<string, string>>();
  for (const entry of [...chains.values()].flat()) {
    for (const message of encodeEntry(entry)) {
      const ofLane = expected.get(lane(message)) ?? new Map<string, string>();
      expected.set(lane(message), ofLane.set(String(entry.sequence), textOf(message)));
    }
  }
  const seen = new Map<string, Set<string>>();
  for (const message of published) {
    const where = lane(message);
    const sequence = String(message.headers['lengjing-sequence']);
    if (expected.get(where)?.get(sequence) !== textOf(message)) {
      found.push(`${where}: the message of entry ${sequence} is not the journal's`);
    }
    seen.set(where, (seen.get(where) ?? new Set()).add(sequence));
  }
  for (const [where, messages] of expected) {
    const wanted = [...messages.keys()];
    const got = [...(seen.get(where) ?? [])];
    const at = wanted.findIndex((sequence, index) => got[index] !== sequence);
    if (at >= 0 || got.length > wanted.length) {
      found.push(
        `${where}: of ${wanted.length} messages ${got.length} appeared; at place ${at} stands ${got[at] ?? 'nothing'} instead of ${wanted[at] ?? 'nothing'}`,
      );
    }
  }
  return found;
}

function textOf({ key, value, headers }: RunRecord['published'][number]): string {
  const bytes = (one: Uint8Array | string | null): string | null =>
    one === null ? null : Buffer.from(one).toString('base64');
  const named = Object.entries(headers).map(([name, text]) => [name, bytes(text)]);
  return JSON.stringify([
    bytes(key),
    bytes(value),
    named.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  ]);
}
