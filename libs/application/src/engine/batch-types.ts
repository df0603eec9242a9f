/** What goes into one engine batch, and what comes out of it. */
import type {
  CodeBook,
  EntryDraft,
  FeedPulses,
  HeldTier,
  Input,
  InputTopic,
  NoticeCatalogue,
  Policy,
  RefusalCode,
  SealedEntry,
  Tier,
} from '#domain';
import type { Clock, Hashing } from '../ports/clock.ts';
import type { EngineStore } from '../ports/engine-store.ts';
import type { JournalStore } from '../ports/journal-store.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** Offsets of one topic that a batch consumes: `from` inclusive, `to` exclusive. */
export interface ConsumedRange {
  readonly topic: InputTopic;
  readonly from: number;
  readonly to: number;
  readonly records: number;
}

/** The share of one partition in a batch, inputs in the order in which they are taken. */
export interface PartitionLot {
  readonly partition: number;
  readonly epoch: number;
  readonly inputs: readonly Input[];
  readonly ranges: readonly ConsumedRange[];
  /** How the feeds of the partition had spoken as of each of the inputs. */
  readonly feeds: readonly FeedPulses[];
}

/** What decides and what decisions are written with. Reading it twice may give a newer policy: a batch reads it once. */
export interface DecisionSettings {
  readonly policy: Policy;
  readonly notices: NoticeCatalogue;
  readonly codeBook: CodeBook;
}

export interface BatchDeps {
  readonly unitOfWork: UnitOfWork;
  readonly store: EngineStore;
  readonly journal: JournalStore;
  readonly clock: Clock;
  readonly hashing: Hashing;
}

/** One decision as metrics see it. */
export interface DecisionMade {
  readonly partition: number;
  readonly kind: 'transfer' | 'draw';
  readonly tier: Tier;
  readonly sequence: number;
  /** From the broker's timestamp of the request, or of the evidence that changed it, to the decision. */
  readonly lagMs: number;
}

export interface BatchResult {
  readonly entries: ReadonlyMap<number, readonly SealedEntry[]>;
  readonly decisions: readonly DecisionMade[];
  readonly refused: readonly RefusalCode[];
  /** Tiers of the holds placed. */
  readonly placed: readonly HeldTier[];
}

/** An entry to write, and the place of the input that caused it: entries of a chain keep the order of inputs. */
export interface PlacedDraft {
  readonly partition: number;
  readonly place: number;
  readonly draft: EntryDraft;
}
