/** Which runs an evaluation consists of, so that honest people are counted where life is nearly life and scams where there are enough of them. */
import type { Policy } from '#domain';
import type { AmlsimRow } from '../amlsim-rows.ts';
import { FEEDS, type Feed } from '../simulate/feeds.ts';
import { DEFAULT_SETTINGS, type SimulationSettings } from '../simulate/settings.ts';
import { simulate } from '../simulate/simulate.ts';
import { overlay, type Collisions } from './amlsim-overlay.ts';
import { together } from './measures.ts';
import { runTrial, type TrialResult } from './trial.ts';

/** Episodes per payer and day where recall is measured: twenty times the default. */
export const SCAM_RATE_ENRICHED = 0.01;

export interface EvaluationPlan {
  readonly policy: Policy;
  readonly seeds: readonly string[];
  readonly payers: number;
  readonly days: number;
  /** Undefined where the data is not there: the product must not need it. */
  readonly amlsim: readonly AmlsimRow[] | undefined;
  /** What begins now, for whoever waits. */
  readonly onStep: (text: string) => void;
  readonly onEvents: (count: number) => void;
}

export interface Evaluation {
  /** At the default rate of scams: what honest people meet. */
  readonly life: TrialResult;
  /** Enriched: what scams meet. */
  readonly scams: TrialResult;
  /** The enriched population of the first seed, smaller, with all feeds and without each. */
  readonly ablation: readonly { readonly without: Feed | undefined; readonly trial: TrialResult }[];
  readonly overlays: readonly {
    readonly repair: boolean;
    readonly trial: TrialResult;
    readonly collisions: Collisions;
  }[];
}

const OVERLAY_EPISODES = 130;
const LOOKALIKES_PER_EPISODE = 50;

export function evaluate(plan: EvaluationPlan): Evaluation {
  const base: SimulationSettings = { ...DEFAULT_SETTINGS, payers: plan.payers, days: plan.days };
  const half = Math.max(2, Math.ceil(plan.payers / 2));
  const trial = (step: string, settings: SimulationSettings): TrialResult => {
    plan.onStep(step);
    return runTrial(simulate(settings), plan.policy, plan);
  };
  const life = together(
    plan.seeds.map((seed) => trial(`seed ${seed}, life`, { ...base, seed: `${seed}L` })),
  );
  const enriched = { ...base, payers: half, scamRate: SCAM_RATE_ENRICHED };
  const scams = together(
    plan.seeds.map((seed) => trial(`seed ${seed}, scams`, { ...enriched, seed: `${seed}S` })),
  );
  const small = {
    ...enriched,
    payers: Math.max(2, Math.ceil(half / 2)),
    seed: `${plan.seeds[0] ?? '1'}A`,
  };
  const ablation = [undefined, ...FEEDS].map((without) => ({
    without,
    trial: trial(without === undefined ? 'ablation, all feeds' : `ablation, without ${without}`, {
      ...small,
      scamRate: 2 * SCAM_RATE_ENRICHED,
      without: new Set(without === undefined ? [] : [without]),
    }),
  }));
  return { life, scams, ablation, overlays: overlaysOf(plan) };
}

function overlaysOf(plan: EvaluationPlan): Evaluation['overlays'] {
  const { amlsim } = plan;
  if (amlsim === undefined) return [];
  return [false, true].map((repair) => {
    plan.onStep(`AMLSim, ${repair ? 'with' : 'without'} payees repaired`);
    const collisions: Collisions = { trials: { 4: 0, 6: 0 }, matches: { 4: 0, 6: 0 } };
    const stream = overlay(
      {
        seed: plan.seeds[0] ?? '1',
        rows: amlsim,
        repair,
        episodes: OVERLAY_EPISODES,
        lookalikesPerEpisode: LOOKALIKES_PER_EPISODE,
      },
      collisions,
    );
    return { repair, trial: runTrial(stream, plan.policy, plan), collisions };
  });
}
