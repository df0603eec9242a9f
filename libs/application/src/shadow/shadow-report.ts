/** What shadow mode would have held: how many, for how long, with what money, whom it would have met. From decisions alone. */
import type { DecisionBody, HeldTier, Instant } from '#domain';

/** One journaled decision, and whose it is where that is still known. */
export interface ShadowDecision {
  readonly body: DecisionBody;
  /** Undefined where the person was erased. */
  readonly payerId: string | undefined;
  /** Tells decisions about one subject apart from others: any name that is the same for all of them. */
  readonly subject: string;
}

interface WouldHold {
  readonly kind: 'transfer' | 'draw';
  readonly tier: HeldTier;
  readonly amount: number;
  readonly unit: number;
  readonly currency: string;
  readonly from: Instant;
  readonly until: Instant;
  readonly payer: string;
  readonly caseId: string | undefined;
  readonly codes: readonly string[];
}

export interface HeldSum {
  readonly count: number;
  /** Whole units by currency. */
  readonly money: Readonly<Record<string, number>>;
  /** Minutes they would have waited until the payer could have reconfirmed. */
  readonly minutes: { readonly median: number; readonly most: number; readonly total: number };
}

export interface ShadowReport {
  readonly transfers: number;
  readonly draws: number;
  readonly warned: number;
  readonly from: Instant | undefined;
  readonly to: Instant | undefined;
  readonly held: {
    readonly transfers: HeldSum;
    readonly draws: HeldSum;
    readonly byTier: Readonly<Record<HeldTier, HeldSum>>;
    readonly payers: number;
    /** Payers who would have been held in more than one case: the burden that honest people leave over. */
    readonly payersOfSeveralCases: number;
    readonly cases: number;
    /** By how many would-be holds name the reason, most first. */
    readonly reasons: readonly { readonly code: string; readonly count: number }[];
  };
}

/** Takes shadow decisions in any order; of a subject the last one by sequence counts, which is the strictest. Others are passed over. */
export class ShadowTally {
  readonly #last = new Map<string, { readonly sequence: number; readonly held?: WouldHold }>();
  #warned = 0;
  readonly #subjects = { transfer: 0, draw: 0 };
  #from: Instant | undefined;
  #to: Instant | undefined;

  take({ body, payerId, subject }: ShadowDecision): void {
    if (body.mode !== 'shadow') return;
    const at = Date.parse(body.decidedAt);
    this.#from = Math.min(this.#from ?? at, at);
    this.#to = Math.max(this.#to ?? at, at);
    if (body.sequence === 1) {
      this.#subjects[body.subjectKind] += 1;
      if (body.outcome === 'warn') this.#warned += 1;
    }
    const known = this.#last.get(subject);
    if (known !== undefined && known.sequence > body.sequence) return;
    const held = wouldHold(body, payerId ?? subject);
    // Of what would go at once nothing is kept: a stream of any length passes.
    if (held !== undefined) this.#last.set(subject, { sequence: body.sequence, held });
  }

  report(): ShadowReport {
    const held = [...this.#last.values()].flatMap((one) => one.held ?? []);
    const of = (keep: (one: WouldHold) => boolean): HeldSum => sumOf(held.filter(keep));
    const cases = new Map<string, Set<string>>();
    for (const { payer, caseId } of held) {
      const ofPayer = cases.get(payer) ?? new Set<string>();
      cases.set(payer, ofPayer.add(caseId ?? ''));
    }
    return {
      transfers: this.#subjects.transfer,
      draws: this.#subjects.draw,
      warned: this.#warned,
      from: this.#from,
      to: this.#to,
      held: {
        transfers: of(({ kind }) => kind === 'transfer'),
        draws: of(({ kind }) => kind === 'draw'),
        byTier: {
          T2: of(({ tier }) => tier === 'T2'),
          T3: of(({ tier }) => tier === 'T3'),
          T4: of(({ tier }) => tier === 'T4'),
        },
        payers: cases.size,
        payersOfSeveralCases: [...cases.values()].filter(({ size }) => size > 1).length,
        cases: new Set(held.map(({ caseId }) => caseId)).size,
        reasons: reasonsOf(held),
      },
    };
  }
}

function wouldHold(body: DecisionBody, payer: string): WouldHold | undefined {
  const { facts, tier } = body;
  if (body.wouldHold === undefined || facts === null) return undefined;
  if (tier === 'T0' || tier === 'T1') return undefined;
  return {
    kind: body.subjectKind,
    tier,
    amount: facts.amount,
    unit: facts.unit,
    currency: facts.currency,
    from: Date.parse(body.decidedAt),
    until: Date.parse(body.wouldHold.dueAt),
    payer,
    caseId: body.caseId,
    codes: body.reasons.map(({ code }) => code),
  };
}

function sumOf(held: readonly WouldHold[]): HeldSum {
  const money: Record<string, number> = {};
  for (const { currency, amount, unit } of held) {
    money[currency] = (money[currency] ?? 0) + amount / unit;
  }
  const minutes = held.map(({ from, until }) => (until - from) / 60_000).sort((a, b) => a - b);
  return {
    count: held.length,
    money,
    minutes: {
      median: minutes[Math.floor((minutes.length - 1) / 2)] ?? 0,
      most: minutes.at(-1) ?? 0,
      total: minutes.reduce((sum, one) => sum + one, 0),
    },
  };
}

function reasonsOf(held: readonly WouldHold[]): { code: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const code of held.flatMap(({ codes }) => [...new Set(codes)])) {
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return [...counts]
    .map(([code, count]) => ({ code, count }))
    .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
}
