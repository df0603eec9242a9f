import { describe, expect, it } from '@jest/globals';
import { loadPolicy } from '#contracts';
import type { Instant } from '#domain';
import type { TransferLabel } from '../simulate/labels.ts';
import { DEFAULT_SETTINGS } from '../simulate/settings.ts';
import { simulate, type SimulatedBatch } from '../simulate/simulate.ts';
import { honestMeasures, isHonest, isScam, scamMeasures, together } from './measures.ts';
import { reportText } from './report.ts';
import { evaluate } from './plan.ts';
import { runTrial, type TrialResult, type TriedTransfer } from './trial.ts';
import type { Verdict } from './verdicts.ts';

const policy = loadPolicy(undefined);
const settings = { ...DEFAULT_SETTINGS, seed: 'trial', payers: 60, days: 6, scamRate: 0.05 };

describe('a trial', () => {
  const first = runTrial(simulate(settings), policy);

  it('decides every transfer and every draw that is asked for, the same way each time', () => {
    expect(first.transfers.length).toBeGreaterThan(500);
    for (const { verdict, fen } of first.transfers) {
      expect(verdict).toBeDefined();
      expect(fen).toBeGreaterThan(0);
    }
    expect(first.draws.every(({ verdict }) => verdict?.kind === 'draw')).toBe(true);
    expect(runTrial(simulate(settings), policy)).toEqual(first);
  });

  it('knows which transfers would have arrived: most, and not those that fail', () => {
    const arrived = first.transfers.filter(({ settles }) => settles).length;
    expect(arrived / first.transfers.length).toBeGreaterThan(0.95);
    expect(arrived).toBeLessThan(first.transfers.length);
  });

  it('has a processor that obeys: what is held moves when its hold is due, a scam that is asked about not at all', () => {
    const moved = new Map<string, Instant>();
    const times: Instant[] = [];
    const crowded = { ...settings, payers: 80, days: 8, scamRate: 0.2 };
    const { transfers } = runTrial(simulate(crowded), policy, {
      onOffered: (event) => {
        times.push(event.time);
        if (event.kind === 'transfer.settled') moved.set(event.transferId, event.time);
      },
    });
    expect(times.filter((time, index) => time < (times[index - 1] ?? 0))).toEqual([]);
    const counted = { through: 0, later: 0, never: 0 };
    for (const { label, settles, verdict } of transfers) {
      if (!settles) continue;
      const at = moved.get(label.transferId);
      if (verdict?.hold === undefined) {
        expect(at).toBeDefined();
        counted.through += 1;
      } else if (label.label === 'scam' && verdict.hold.expiryAction !== 'release') {
        expect(at).toBeUndefined();
        counted.never += 1;
      } else if (at !== undefined) {
        // Undefined where the stream ends first.
        expect(at).toBeGreaterThan(verdict.hold.heldAt + 60_000);
        counted.later += 1;
      }
    }
    expect(Math.min(counted.through, counted.later, counted.never)).toBeGreaterThan(2);
  });

  it('stops at an event that the contract refuses', () => {
    const batch: SimulatedBatch = { lines: ['{}'], transferLabels: [], drawLabels: [] };
    expect(() => runTrial([batch], policy)).toThrow('is not taken');
  });
});

interface Given {
  readonly scam?: string;
  readonly script?: string;
  readonly tier?: Verdict['tier'];
  readonly fen?: number;
  readonly settles?: boolean;
  readonly payer?: string;
}

let made = 0;
function tried({ scam, script = 'life:shop', tier = 'T0', ...rest }: Given): TriedTransfer {
  made += 1;
  const { fen = 100_000, settles = true, payer = 'p' } = rest;
  const label: TransferLabel = {
    transferId: `t${made}`,
    label: scam === undefined ? 'legit' : 'scam',
    script,
    payerId: payer,
    ...(scam === undefined ? {} : { episode: scam }),
  };
  return { label, fen, settles, verdict: verdictOf(tier) };
}

const MINUTES: Readonly<Record<Verdict['tier'], number>> = {
  T0: 0,
  T1: 0,
  T2: 15,
  T3: 120,
  T4: 1_440,
};

function verdictOf(tier: Verdict['tier']): Verdict {
  const held = MINUTES[tier] > 0;
  const heldAt: Instant = 1_000;
  return {
    kind: 'transfer',
    id: 't',
    firstTier: tier,
    tier,
    outcome: held ? 'hold' : 'allow',
    reasons: [],
    ...(held
      ? {
          hold: {
            holdId: 'h',
            heldAt,
            dueAt: heldAt + MINUTES[tier] * 60_000,
            expiryAction: tier === 'T2' ? 'release' : 'reconfirm',
          },
        }
      : {}),
  };
}

describe('what scams cost', () => {
  it('counts episodes by their best transfer, and money only where it would have arrived', () => {
    const measures = scamMeasures([
      tried({ scam: 'a', fen: 100, tier: 'T0' }),
      tried({ scam: 'a', fen: 500_000, tier: 'T3' }),
      tried({ scam: 'b', fen: 300_000, tier: 'T0' }),
      tried({ scam: 'b', fen: 200_000, tier: 'T2' }),
      tried({ scam: 'c', fen: 900_000, tier: 'T4', settles: false }),
      tried({ scam: 'd', fen: 700_000, tier: 'T1' }),
      tried({ fen: 1, tier: 'T4' }),
    ]);
    expect([measures.episodes.T2.hits, measures.episodes.T2.trials]).toEqual([3, 4]);
    expect([
      measures.episodes.T3.hits,
      measures.transfers.T2.hits,
      measures.transfers.T2.trials,
    ]).toEqual([2, 3, 6]);
    // The cent before is a test; 3,000 yuan before the hold are not.
    expect([measures.caughtFirst.hits, measures.caughtFirst.trials]).toEqual([2, 4]);
    expect(measures.money).toEqual({ total: 1_700_100, held: 700_000, heldUntilAsked: 500_000 });
  });

  it('is nothing where there are none', () => {
    const { money, episodes } = scamMeasures([tried({})]);
    expect([money.total, money.held, episodes.T2.trials]).toEqual([0, 0, 0]);
  });
});

describe('what honest people wait', () => {
  it('leaves out scams and mules', () => {
    const measures = honestMeasures([
      tried({ tier: 'T2', payer: 'a' }),
      tried({ tier: 'T3', payer: 'a' }),
      tried({ tier: 'T0', payer: 'b' }),
      tried({ tier: 'T1', payer: 'b' }),
      tried({ tier: 'T4', payer: 'm', script: 'mule:pass-on' }),
      tried({ tier: 'T4', payer: 'v', scam: 'a' }),
    ]);
    expect([
      measures.transfers.T2.hits,
      measures.transfers.T3.hits,
      measures.transfers.T2.trials,
    ]).toEqual([2, 1, 4]);
    expect([measures.minutes.mean, measures.minutesPer1000]).toEqual([67.5, (1_000 * 135) / 4]);
    expect([measures.payers.hits, measures.payers.trials]).toEqual([1, 2]);
  });

  it('puts every transfer of a stream on exactly one side, but for mules', () => {
    const { transfers } = runTrial(simulate({ ...settings, days: 3 }), policy);
    for (const one of transfers) {
      const sides = Number(isScam(one)) + Number(isHonest(one));
      expect(sides).toBe(one.label.script.startsWith('mule:') ? 0 : 1);
    }
  });
});

describe('an evaluation', () => {
  const steps: string[] = [];
  const evaluation = evaluate({
    policy,
    seeds: ['x1', 'x2'],
    payers: 40,
    days: 3,
    amlsim: undefined,
    onStep: (step) => void steps.push(step),
    onEvents: () => undefined,
  });
  const facts = {
    command: 'lengjing evaluate',
    seeds: ['x1', 'x2'],
    payers: 40,
    days: 3,
    fresh: false,
  };

  it('runs every seed and every feed', () => {
    expect(steps.filter((step) => step.startsWith('seed'))).toHaveLength(4);
    expect(evaluation.ablation).toHaveLength(15);
    expect(evaluation.life.transfers.some(isHonest)).toBe(true);
    const ids = (trial: TrialResult): string[] =>
      trial.transfers.map(({ label }) => label.transferId);
    const [full, ...without] = evaluation.ablation;
    for (const { trial } of without) expect(ids(trial)).toEqual(ids(full?.trial ?? together([])));
  });

  it('is told with every section, the same each time, and nothing that is not a number', () => {
    const text = reportText(evaluation, facts);
    expect(text).toBe(reportText(evaluation, facts));
    for (const heading of [
      '# Evaluation',
      '## What is ours and what is not',
      '## In one table',
      '## Honest people who wait',
      '## By script',
      '## By evasion',
      '## What each feed is worth',
      '## On public transfers (AMLSim)',
      '## The weakest scripts, and what would be needed',
      '## How it was run',
    ]) {
      expect(text).toContain(`${heading}\n`);
    }
    expect(text).toContain('enriched');
    expect(text).not.toMatch(/NaN|undefined|Infinity|\[object/);
    expect(text).not.toContain('none of them was used to choose');
    expect(reportText(evaluation, { ...facts, fresh: true })).toContain(
      'none of them was used to choose',
    );
  });
});
