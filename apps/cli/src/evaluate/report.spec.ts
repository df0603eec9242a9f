/** A small evaluation from beginning to end: every part is there, and the tables say what was counted. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { defaultPolicy } from '#contracts';
import { FEEDS } from '../simulate/feeds.ts';
import { isHonest, isScam } from './measures.ts';
import { evaluate, type Evaluation } from './plan.ts';
import { reportText } from './report.ts';

describe('an evaluation', () => {
  let evaluation: Evaluation;
  let text = '';
  const steps: string[] = [];
  let events = 0;
  beforeAll(() => {
    const [seeds, payers, days] = [['spec'], 80, 8];
    evaluation = evaluate({
      policy: defaultPolicy(),
      seeds,
      payers,
      days,
      amlsim: undefined,
      onStep: (step) => steps.push(step),
      onEvents: (count) => {
        events += count;
      },
    });
    text = reportText(evaluation, { command: 'spec', seeds, payers, days, fresh: false });
  }, 240_000);

  it('tells what it does and counts every event', () => {
    expect(steps).toHaveLength(3 + FEEDS.length);
    const trials = [
      evaluation.life,
      evaluation.scams,
      ...evaluation.ablation.map((one) => one.trial),
    ];
    expect(events).toBe(trials.reduce((sum, trial) => sum + trial.events, 0));
    expect(evaluation.scams.transfers.filter(isScam).length).toBeGreaterThan(0);
    expect(evaluation.life.transfers.filter(isHonest).length).toBeGreaterThan(100);
  });

  it('decides every transfer exactly as it is labelled once', () => {
    const { transfers } = evaluation.scams;
    expect(transfers.every(({ verdict }) => verdict !== undefined)).toBe(true);
    expect(new Set(transfers.map(({ label }) => label.transferId)).size).toBe(transfers.length);
  });

  it('names the weakest scripts with what would be needed, and says that the data is not there', () => {
    const parts = text.match(/^## .*$/gm);
    expect(parts).toEqual([
      '## What is ours and what is not',
      '## In one table',
      '## Honest people who wait',
      '## By script',
      '## By evasion',
      '## What each feed is worth',
      '## On public transfers (AMLSim)',
      '## The weakest scripts, and what would be needed',
      '## How it was run',
    ]);
    expect(text).toContain('The data was not there when this was made');
    const weakest = text.split('## The weakest scripts')[1]?.match(/^- \*\*/gm) ?? [];
    expect(weakest.length).toBeGreaterThan(0);
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('has tables whose rows have as many cells as their heads', () => {
    const lines = text.split('\n').filter((line) => line.startsWith('|'));
    expect(lines.length).toBeGreaterThan(20);
    let head = 0;
    lines.forEach((line, index) => {
      const cells = line.replaceAll('\\|', '').split('|').length;
      if (/^\|\s*-/.test(lines[index + 1] ?? '')) head = cells;
      expect([line, cells]).toEqual([line, head]);
    });
  });
});
