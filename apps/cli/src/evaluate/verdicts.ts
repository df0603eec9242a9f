/** Decisions as they come out of a replay, one line per subject: what was decided first, and what bound in the end. */
import {
  DAY_MS,
  tierRank,
  type DecisionBody,
  type DecisionPersonal,
  type EntryDraft,
  type Instant,
  type Outcome,
  type Tier,
} from '#domain';

export interface VerdictReason {
  readonly code: string;
  readonly tenths: number;
}

export interface Verdict {
  readonly kind: 'transfer' | 'draw';
  readonly id: string;
  readonly firstTier: Tier;
  /** The strictest decision binds: a later one supersedes only if it is stricter and the subject can still be stopped. */
  readonly tier: Tier;
  readonly outcome: Outcome;
  readonly reasons: readonly VerdictReason[];
  /** Of the hold in the end; absent where it is not held. */
  readonly hold?: {
    readonly holdId: string;
    readonly heldAt: Instant;
    readonly dueAt: Instant;
    readonly expiryAction: string;
  };
}

/** By which scorer under which policy: named in every decision. */
export interface MadeBy {
  readonly scorer: string;
  readonly policy: DecisionBody['policy'];
}

export class Verdicts {
  readonly #bySubject = new Map<string, Verdict>();
  #decisions = 0;
  #madeBy: MadeBy | undefined;

  /** Undefined before the first decision. */
  get madeBy(): MadeBy | undefined {
    return this.#madeBy;
  }

  /** All decisions, superseding ones too. */
  get decisions(): number {
    return this.#decisions;
  }

  /** Returns the verdict after the entry, or undefined where the entry is no decision. */
  take(entry: EntryDraft): Verdict | undefined {
    if (entry.type !== 'decision.made') return undefined;
    this.#decisions += 1;
    const body = entry.body as DecisionBody;
    this.#madeBy ??= { scorer: body.scorer, policy: body.policy };
    const { subject } = entry.personal as DecisionPersonal;
    const key = `${body.subjectKind} ${subject.id}`;
    const known = this.#bySubject.get(key);
    if (known !== undefined && tierRank(body.tier) < tierRank(known.tier)) return known;
    const verdict = verdictOf(body, subject.id, known);
    this.#bySubject.set(key, verdict);
    return verdict;
  }

  of(kind: Verdict['kind'], id: string): Verdict | undefined {
    return this.#bySubject.get(`${kind} ${id}`);
  }

  all(): Iterable<Verdict> {
    return this.#bySubject.values();
  }
}

function verdictOf(body: DecisionBody, id: string, known: Verdict | undefined): Verdict {
  const { hold, tier, outcome } = body;
  return {
    kind: body.subjectKind,
    id,
    firstTier: known?.firstTier ?? tier,
    tier,
    outcome,
    reasons: body.reasons.map(({ code, tenths }) => ({ code, tenths })),
    ...(hold === undefined
      ? {}
      : {
          hold: {
            holdId: hold.holdId,
            heldAt: known?.hold?.heldAt ?? Date.parse(body.decidedAt),
            dueAt: Date.parse(hold.dueAt),
            expiryAction: hold.expiryAction,
          },
        }),
  };
}

/** The tiers at which anything is held, each with all above it. */
export const HELD_TIERS = ['T2', 'T3', 'T4'] as const satisfies readonly Tier[];
export type HeldFrom = (typeof HELD_TIERS)[number];

export function isHeldFrom(verdict: Verdict | undefined, tier: HeldFrom): boolean {
  if (verdict === undefined || verdict.outcome !== 'hold') return false;
  return tierRank(verdict.tier) >= tierRank(tier);
}

/** How long an honest payer is kept waiting: until the hold is due. 0 where nothing is held. */
export function waitMs(verdict: Verdict | undefined): number {
  const hold = verdict?.hold;
  if (verdict?.outcome !== 'hold' || hold === undefined) return 0;
  return Math.max(0, Math.min(hold.dueAt - hold.heldAt, 30 * DAY_MS));
}
