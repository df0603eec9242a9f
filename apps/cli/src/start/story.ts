/** Tells the two afternoons twice: as they went in 2016, and with Lengjing between the people and their money. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogToEngine } from './log-to-engine.ts';
import type { Paper } from './paper.ts';
import { playPast, type Ending } from './past.ts';
import {
  sampleSteps,
  type SampleEvent,
  type SampleName,
  type SampleStep,
} from './sample-stream.ts';
import { decided, happened, whys } from './sentences.ts';
import { Town } from './town.ts';
import { holdOne, type HeldForReader } from './your-turn.ts';

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

/**
 * Plays both afternoons twice, writes the balances side by side, and leaves one transfer held for the reader. Throws `CommandFailed` where the
 * engine stays silent.
 */
export async function tellStory(
  log: LogToEngine,
  paper: Paper,
  now: number,
): Promise<HeldForReader> {
  const run = now.toString(36);
  const town = new Town(log);
  paper.heading(
    '两个下午，各过两遍：2016年的样子，和有冷静的样子',
    'Two afternoons, each played twice: as in 2016, and with Lengjing',
  );
  for (const name of ['li', 'xu'] as const) {
    const steps = sampleSteps(name, now, run);
    paper.chapter(PEOPLE[name].zh, PEOPLE[name].en);
    paper.part('2016年：没有人拦', 'As in 2016: nobody stopped it');
    const past = await playPast(steps, paper, PAUSE_MS / 2);
    paper.part(
      '有冷静：同一个下午，她和他照样听骗子的话',
      'With Lengjing: the same calls, obeyed all the same',
    );
    const present = await new Afternoon(town, paper, past.accounts).play(steps);
    paper.balances(past, present);
  }
  return holdOne(town, Date.now());
}

/** One person's afternoon behind the engine: what is held is not spent, and what is not there cannot be sent. */
class Afternoon {
  readonly #town: Town;
  readonly #paper: Paper;
  readonly #accounts: Ending['accounts'];
  #alertTold = false;

  constructor(town: Town, paper: Paper, accounts: Ending['accounts']) {
    this.#town = town;
    this.#paper = paper;
    this.#accounts = accounts;
  }

  async play(steps: readonly SampleStep[]): Promise<Ending> {
    const { payer, payees, ownMinor } = this.#accounts;
    this.#town.ledger.deposit(payer, ownMinor);
    for (const step of steps) await this.#step(step);
    await this.#cancelEverything(steps);
    const { free, debt } = this.#town.balances(payer);
    const taken = payees.reduce((sum, payee) => sum + this.#town.balances(payee).free, 0);
    return { accounts: this.#accounts, left: free, debt, taken };
  }

  async #step({ reported, sent }: SampleStep): Promise<void> {
    const { processor } = this.#town;
    const subjectId = subjectOf(sent);
    // Whether a loan is paid out is the credit platform's to do now, and it waits for its order.
    if (sent.type.includes('.credit.drawn.')) return;
    this.#paper.event(reported.time.slice(11, 16), happened(reported));
    if (subjectId === undefined) {
      if (sent.type.includes('.transfer.failed.')) processor.returned(sent);
      else await this.#town.send(sent);
      await sleep(PAUSE_MS);
    } else if (processor.request(sent) === 'insufficient_funds') {
      this.#paper.aside(
        '余额不足，转不出去：借款还没有放出来',
        'not enough money: the loan was never paid out',
      );
      await sleep(PAUSE_MS);
    } else await this.#decision(subjectId);
  }

  async #decision(subjectId: string): Promise<void> {
    const decision = await this.#town.decision(subjectId);
    this.#paper.decision(decision, decided(decision), whys(decision));
    if (decision.outcome !== 'hold') return;
    await this.#town.obeyed(subjectId, 'hold');
    if (this.#alertTold || decision.notice === undefined) return;
    this.#alertTold = true;
    this.#paper.phone(decision.notice.text);
  }

  /** The call is over, the messages are read: one tap each. */
  async #cancelEverything(steps: readonly SampleStep[]): Promise<void> {
    const last = steps.at(-1);
    const holds = this.#town.openHolds();
    if (last === undefined || holds.length === 0) return;
    this.#paper.event(last.reported.time.slice(11, 16), {
      zh: `读到提醒，把${holds.length}笔都点了“取消”`,
      en: `reads the alerts and taps “Cancel”, ${holds.length} times`,
    });
    for (const { holdId, subjectId } of holds) {
      await this.#town.send({
        ...last.sent,
        id: `${holdId}:cancel`,
        type: 'io.lengjing.payer.responded.v1',
        data: { holdId, payer: last.sent.data['payer'], answer: 'cancel' },
      });
      await this.#town.obeyed(subjectId, 'cancel');
    }
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
