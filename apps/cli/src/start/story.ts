/** Tells the two afternoons event by event: what happened in 2016, and beside it what Lengjing decides. */
import { setTimeout as sleep } from 'node:timers/promises';
import { OUTPUT_TOPICS } from '#contracts';
import { CommandFailed } from '../usage.ts';
import type { LogToEngine } from './log-to-engine.ts';
import type { Paper } from './paper.ts';
import {
  sampleSteps,
  type SampleEvent,
  type SampleName,
  type SampleStep,
} from './sample-stream.ts';
import { decided, grouped, happened, whys, type ToldDecision } from './sentences.ts';

const PEOPLE: Readonly<Record<SampleName, { readonly zh: string; readonly en: string }>> = {
  li: {
    zh: '李先生，广州，2016年8月27日：“退款”电话之后',
    en: 'Mr Li, Guangzhou, 27 August 2016: after a call about a “refund”',
  },
  xu: {
    zh: '徐女士，上海，2016年9月19日：“验证码”填进了金额',
    en: 'Mrs Xu, Shanghai, 19 September 2016: a “verification code” typed as the amount',
  },
};

/** Between two events, so that a person can follow. */
const PAUSE_MS = 120;
const DECISION_MS_MAX = 10_000;

export async function tellStory(log: LogToEngine, paper: Paper, now: number): Promise<void> {
  const run = now.toString(36);
  const heard = new Decisions(log);
  paper.heading(
    '2016年发生的事，以及如果有冷静：它会怎么做',
    'What happened in 2016, with Lengjing deciding beside it',
  );
  for (const name of ['li', 'xu'] as const) {
    const steps = sampleSteps(name, now, run);
    paper.chapter(PEOPLE[name].zh, PEOPLE[name].en);
    const sums = new Sums();
    for (const step of steps) await tellStep(step, { log, paper, heard, sums });
    const [sent, held] = [grouped(sums.sent()), grouped(sums.held())];
    paper.sum(
      `2016年转给骗子 ${sent} 元；冷静拦下其中 ${held} 元`,
      `Sent to the fraudster in 2016: ¥${sent}. Lengjing holds ¥${held} of it.`,
    );
  }
}

interface Telling {
  readonly log: LogToEngine;
  readonly paper: Paper;
  readonly heard: Decisions;
  readonly sums: Sums;
}

async function tellStep(step: SampleStep, telling: Telling): Promise<void> {
  const { log, paper, heard, sums } = telling;
  const { reported, sent } = step;
  paper.event(reported.time.slice(11, 16), happened(reported));
  await log.send(sent);
  const subject = subjectOf(sent);
  if (subject === undefined) {
    if (sent.type.includes('.transfer.failed.')) sums.cameBack(sent.data['transferId']);
    await sleep(PAUSE_MS);
    return;
  }
  const decision = await heard.first(subject);
  paper.decision(decision, decided(decision), whys(decision));
  if (decision.subject.kind !== 'transfer') return;
  const { value } = reported.data['amount'] as { value: string };
  sums.add(subject, Number(value), decision.outcome === 'hold');
}

/** What was transferred and did not come back, and what of it is held. */
class Sums {
  readonly #transfers = new Map<unknown, { readonly yuan: number; readonly held: boolean }>();

  add(transferId: string, yuan: number, held: boolean): void {
    this.#transfers.set(transferId, { yuan, held });
  }

  cameBack(transferId: unknown): void {
    this.#transfers.delete(transferId);
  }

  sent(): number {
    return [...this.#transfers.values()].reduce((sum, { yuan }) => sum + yuan, 0);
  }

  held(): number {
    return [...this.#transfers.values()].reduce(
      (sum, { yuan, held }) => sum + (held ? yuan : 0),
      0,
    );
  }
}

function subjectOf(event: SampleEvent): string | undefined {
  const id = event.type.includes('.transfer.requested.')
    ? event.data['transferId']
    : event.type.includes('.credit.draw-requested.')
      ? event.data['drawId']
      : undefined;
  return typeof id === 'string' ? id : undefined;
}

/** First decisions by subject, as they are heard. */
class Decisions {
  readonly #known = new Map<string, ToldDecision>();
  readonly #waiting = new Map<string, (decision: ToldDecision) => void>();

  constructor(log: LogToEngine) {
    log.onHeard(({ topic, value }) => {
      if (topic !== OUTPUT_TOPICS.assessments || value === null) return;
      const decision = JSON.parse(value) as ToldDecision;
      if (decision.sequence !== 1) return;
      this.#known.set(decision.subject.id, decision);
      this.#waiting.get(decision.subject.id)?.(decision);
    });
  }

  async first(subject: string): Promise<ToldDecision> {
    const known = this.#known.get(subject);
    if (known !== undefined) return known;
    const heard = new Promise<ToldDecision>((resolve) => {
      this.#waiting.set(subject, resolve);
    });
    const late = sleep(DECISION_MS_MAX).then(() => undefined);
    const decision = await Promise.race([heard, late]);
    if (decision !== undefined) return decision;
    throw new CommandFailed(
      `the engine has not decided ${subject} within ${DECISION_MS_MAX / 1_000} s: see .lengjing/logs/risk-engine.log`,
    );
  }
}
