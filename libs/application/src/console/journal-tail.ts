/** Follows the journal behind the engine's back: digests of new holds for the queue, and changes for whoever watches. */
import type { DecisionBody, HoldBody, Instant, Json, SealedEntry } from '#domain';
import type { CaseDesk, HoldDigest } from '../ports/case-desk.ts';

export interface HoldChanged {
  readonly holdId: string;
  readonly change: string;
  readonly at: Instant;
}

export interface JournalTail {
  /** Reads what is new, a bounded part of it; returns whether there is more. */
  step(): Promise<boolean>;
}

interface Place {
  at: number;
  /** The head when we first saw the chain: what came before is told to nobody. */
  readonly began: number;
  /** Decisions whose holds may stand in the next part. */
  readonly decisions: Map<string, DecisionBody>;
}

const ENTRIES_PER_STEP = 2_000;

/**
 * Tells changes that were journaled after it began; digests also what came before. Several may run at once: digests are kept twice
 * without harm, and each tells its own watchers.
 */
export function journalTail(
  desk: Pick<CaseDesk, 'heads' | 'holdEntries' | 'keepDigests'>,
  tell: (change: HoldChanged) => void,
): JournalTail {
  const read = new Map<number, Place>();
  let first = true;
  return {
    async step() {
      let more = false;
      for (const { chain, head, digested } of await desk.heads()) {
        // A chain that appears later is new altogether.
        const place = read.get(chain) ?? {
          at: digested,
          began: first ? head : 0,
          decisions: new Map(),
        };
        read.set(chain, place);
        if (place.at >= head) continue;
        if (place.decisions.size > ENTRIES_PER_STEP) place.decisions.clear();
        const { entries, upTo } = await desk.holdEntries(chain, place.at, ENTRIES_PER_STEP);
        await desk.keepDigests(chain, digestsOf(entries, place.decisions), upTo);
        place.at = upTo;
        more ||= upTo < head;
        for (const entry of entries) {
          if (entry.sequence > place.began && entry.type.startsWith('hold.')) tell(changeOf(entry));
        }
      }
      first = false;
      return more;
    },
  };
}

function changeOf(entry: SealedEntry): HoldChanged {
  const { holdId } = bodyOf(entry) as HoldBody;
  return { holdId, change: entry.type.slice('hold.'.length), at: entry.at };
}

function bodyOf(entry: SealedEntry): Json {
  return (JSON.parse(entry.canonical) as { readonly body: Json }).body;
}

/** A decision that holds comes right before its hold's entry, in the same chain; a stricter one later renews the digest. */
function digestsOf(
  entries: readonly SealedEntry[],
  decisions: Map<string, DecisionBody>,
): readonly HoldDigest[] {
  const digests = new Map<string, HoldDigest>();
  for (const entry of entries) {
    if (entry.type === 'decision.made') {
      const decision = bodyOf(entry) as DecisionBody;
      decisions.set(decision.decisionId, decision);
    } else if (entry.type === 'hold.placed' || entry.type === 'hold.extended') {
      const { holdId, decisionId } = bodyOf(entry) as HoldBody;
      const decision = decisions.get(decisionId);
      decisions.delete(decisionId);
      if (decision === undefined && entry.type === 'hold.extended') continue;
      digests.set(holdId, {
        holdId,
        ...(decision === undefined ? {} : { score: decision.score }),
        lenders: decision === undefined ? [] : lendersOf(decision),
      });
    }
  }
  return [...digests.values()];
}

/** `lender` and `lender/product`, so that either can be looked for. */
function lendersOf({ facts }: DecisionBody): readonly string[] {
  const parts = [...(facts?.traced?.parts ?? []), ...(facts?.draws ?? [])];
  return [...new Set(parts.flatMap(({ lender, product }) => [lender, `${lender}/${product}`]))];
}
