/** Streams of one payer built from plain numbers, so that property tests can draw and shrink them. */
import type {
  CreditDraw,
  Payee,
  PlatformEvent,
  SessionSignal,
  TransferRequested,
} from '../event/event.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../kernel/instant.ts';
import {
  LENDER,
  NEW,
  NOON,
  OWN,
  SHOP,
  cancelled,
  code,
  codeMatched,
  drawCancelled,
  drawRequested,
  drawn,
  failed,
  limitViewed,
  lineOpened,
  ordered,
  received,
  redeemed,
  repaid,
  responded,
  session,
  settled,
  transfer,
  type Heading,
} from './events.ts';

export const STEP_KINDS = [
  'transfer',
  'draw request',
  'outcome',
  'payout',
  'draw cancelled',
  'repaid',
  'line',
  'limit',
  'session',
  'savings',
  'received',
  'ordered',
  'code',
  'matched',
  'yes',
] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/** Any natural numbers: each picks from a list, wherever it stands. */
export interface Step {
  readonly kind: StepKind;
  readonly gap: number;
  readonly payee: number;
  readonly amount: number;
  readonly session: number;
  readonly product: number;
  /** Which of the earlier transfers or draws. */
  readonly which: number;
  readonly variant: number;
}

const PAYEES: readonly Partial<Payee>[] = [
  { accountId: 'a', ...NEW },
  { accountId: 'b', ...NEW },
  { accountId: 'c', paidCount: 9 },
  SHOP,
  OWN,
  { accountId: 'own-2', ownership: 'own', nameMatch: 'mismatch' },
  LENDER,
  { accountId: 'mule', ...NEW },
  { accountId: 'd', paidCount: 1, firstPaidAt: NOON },
];
const YUAN = [50, 250, 300, 999, 1000, 1314, 4821, 5000, 6919, 69_190, 691_902, 6919.02, 20_000];
const SIGNALS: readonly SessionSignal[] = [
  'login_elsewhere',
  'call_started',
  'call_ended',
  'screen_share_started',
  'screen_share_ended',
  'remote_control',
  'screenshot',
  'balance_viewed',
  'credit_score_viewed',
  'card_bound',
  'card_bind_failed',
  'payee_added',
  'confirm_cancelled',
];
const PRODUCTS = [
  { lender: 'ant', product: 'jiebei' },
  { lender: 'ant', product: 'huabei' },
  { lender: 'webank', product: 'weilidai' },
];
const GAPS = [
  0,
  0,
  1,
  3 * SECOND_MS,
  5 * SECOND_MS,
  6 * SECOND_MS,
  MINUTE_MS,
  4 * MINUTE_MS,
  10 * MINUTE_MS,
  31 * MINUTE_MS,
  HOUR_MS,
  6 * HOUR_MS,
];
const CODES = ['6919', '691902', '5000', '69190'];
const SESSIONS = [{}, { session: 's1' }, { session: 's2' }];

function pick<T>(items: readonly T[], n: number): T {
  return items[n % items.length] as T;
}

/** The events of the steps in order of time; a step that needs an earlier transfer or draw and finds none is left out. */
export function streamOf(steps: readonly Step[]): PlatformEvent[] {
  const stream = new Stream();
  steps.forEach((step, index) => stream.add(step, index));
  return stream.events;
}

class Stream {
  readonly events: PlatformEvent[] = [];
  readonly #transfers: TransferRequested[] = [];
  readonly #draws: CreditDraw[] = [];
  /** Of a transfer, that something has become of it; of a draw, that it was paid out or cancelled. */
  readonly #ended = new Set<string>();
  #time = NOON;

  add(step: Step, index: number): void {
    this.#time += pick(GAPS, step.gap);
    const id = `p${String(index).padStart(3, '0')}`;
    const heading = { time: this.#time, id, ...pick(SESSIONS, step.session) };
    const event = this.#eventOf(step, index, heading);
    if (event !== undefined) this.events.push(event);
  }

  #eventOf(step: Step, index: number, heading: Heading): PlatformEvent | undefined {
    const yuan = pick(YUAN, step.amount);
    const of = { ...heading, ...pick(PRODUCTS, step.product) };
    switch (step.kind) {
      case 'transfer':
        return this.#transfer(step, index, heading);
      case 'draw request': {
        const draw = { ...of, drawId: `d${index}`, yuan, limit: 5000 };
        const request = drawRequested({ ...draw, firstDraw: step.variant % 2 === 0 });
        this.#draws.push(request);
        return request;
      }
      case 'outcome':
        return this.#outcome(step, heading);
      case 'payout':
        return this.#payout(step, index, { ...of, yuan });
      case 'draw cancelled': {
        const draw = this.#openDraw(step);
        return draw && drawCancelled({ ...heading, ...namesOf(draw), yuan });
      }
      case 'repaid':
        return repaid({ ...of, yuan });
      case 'line':
        return lineOpened(of);
      case 'limit':
        return limitViewed(of);
      case 'session':
        return session(pick(SIGNALS, step.variant), {
          ...heading,
          caller: step.which % 3 === 0 ? 'saved' : 'unsaved',
          ...(step.which % 2 === 0 ? {} : { accountId: 'own-card' }),
        });
      case 'savings':
        return redeemed(heading);
      case 'received':
        return received({ ...heading, yuan });
      case 'ordered':
        return ordered(heading);
      case 'code':
        return code(pick(CODES, step.variant), { ...heading, codeId: `c${step.which % 3}` });
      case 'matched': {
        const subject = this.#transfers[step.which % Math.max(1, this.#transfers.length)];
        return subject && codeMatched(subject.transferId, heading);
      }
      case 'yes':
        return responded('h', 'coached_yes', heading);
    }
  }

  #transfer(step: Step, index: number, heading: Heading): TransferRequested {
    const { variant } = step;
    const made = transfer({
      ...heading,
      transferId: `t${index}`,
      yuan: pick(YUAN, step.amount),
      to: pick(PAYEES, step.payee),
      from: pick(['balance', 'yuebao', 'balance', 'credit'], variant),
      liquid: 3000,
      p99: 1000,
      ...(variant % 2 === 0 ? {} : { remark: '退款' }),
      ...(variant % 5 === 0 ? { input: { leadingZero: true } } : {}),
      ...(variant % 7 === 0 ? { order: { ref: 'o' } } : {}),
    });
    this.#transfers.push(made);
    return made;
  }

  #outcome(step: Step, heading: Heading): PlatformEvent | undefined {
    const of = this.#transfers[step.which % Math.max(1, this.#transfers.length)];
    if (of === undefined || this.#ended.has(of.transferId)) return undefined;
    this.#ended.add(of.transferId);
    switch (step.variant % 4) {
      case 0:
        return settled(of, heading);
      case 1:
        return cancelled(of, heading);
      case 2:
        return failed(of, { ...heading, reason: 'returned' });
      default:
        return failed(of, heading);
    }
  }

  /** Of a requested draw, or of one that nobody asked about. */
  #payout(
    step: Step,
    index: number,
    given: Parameters<typeof drawn>[0],
  ): PlatformEvent | undefined {
    const asked = step.variant % 2 === 0 ? this.#openDraw(step) : undefined;
    if (asked !== undefined) return drawn({ ...given, ...namesOf(asked), limit: 5000 });
    const drawId = `d${index}`;
    this.#ended.add(drawId);
    return drawn({ ...given, drawId, firstDraw: step.variant % 3 === 0 });
  }

  #openDraw(step: Step): CreditDraw | undefined {
    const draw = this.#draws[step.which % Math.max(1, this.#draws.length)];
    if (draw === undefined || this.#ended.has(draw.drawId)) return undefined;
    this.#ended.add(draw.drawId);
    return draw;
  }
}

function namesOf(draw: CreditDraw) {
  return { lender: draw.lender, product: draw.product, drawId: draw.drawId };
}
