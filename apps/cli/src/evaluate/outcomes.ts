/** Verdicts against labels: recall and precision per tier, with exact intervals. */
import { clopperPearson, type Share } from './statistics.ts';
import { HELD_TIERS, isHeldFrom, type HeldFrom, type Verdict } from './verdicts.ts';

export interface TierCounts {
  readonly tier: HeldFrom;
  /** Of the scam transfers, how many are held. */
  readonly recall: Share;
  /** Of what is held, how much is scam. */
  readonly precision: Share;
  /** Of the honest transfers, how many are held. */
  readonly honest: Share;
}

export class Outcomes {
  #scams = 0;
  #honest = 0;
  readonly #scamsHeld: Record<HeldFrom, number> = { T2: 0, T3: 0, T4: 0 };
  readonly #honestHeld: Record<HeldFrom, number> = { T2: 0, T3: 0, T4: 0 };

  add(label: 'scam' | 'legit', verdict: Verdict | undefined): void {
    if (label === 'scam') this.#scams += 1;
    else this.#honest += 1;
    const held = label === 'scam' ? this.#scamsHeld : this.#honestHeld;
    for (const tier of HELD_TIERS) if (isHeldFrom(verdict, tier)) held[tier] += 1;
  }

  perTier(): readonly TierCounts[] {
    return HELD_TIERS.map((tier) => {
      const [scams, honest] = [this.#scamsHeld[tier], this.#honestHeld[tier]];
      return {
        tier,
        recall: clopperPearson(scams, this.#scams),
        precision: clopperPearson(scams, scams + honest),
        honest: clopperPearson(honest, this.#honest),
      };
    });
  }
}

/** `81.2 % (74.0–87.1), 95 of 117`: the interval is Clopper-Pearson's at 95 %. */
export function shareText(share: Share): string {
  if (share.trials === 0) return 'none';
  return `${intervalText(share)}, ${share.hits} of ${share.trials.toLocaleString('en')}`;
}

export function intervalText({ share, low, high }: Pick<Share, 'share' | 'low' | 'high'>): string {
  if (Number.isNaN(share)) return 'unknown';
  return `${percent(share)} % (${percent(low)}–${percent(high)})`;
}

/** Enough digits to tell small shares apart. */
export function percent(share: number): string {
  const value = 100 * share;
  return value !== 0 && value < 0.1 ? value.toPrecision(2) : value.toFixed(1);
}
