/** The processor by CONTRACT, Obeying and Silence: every state against every decision and order, late, repeated and out of order. */
import { describe, expect, it } from '@jest/globals';
import type { HoldOrder, SubjectKind, WireEvent } from './events.ts';
import { Ledger } from './ledger.ts';
import { DECIDE_WITHIN_MS, ReferenceProcessor, type PaymentState } from './processor.ts';

const PAYER = 'payer-1';
const PAYEE = 'payee-1';
const OWN_MINOR = 1_000_000;

interface Asked {
  readonly yuan?: number;
  readonly kind?: SubjectKind;
  readonly paidCount?: number;
}

interface Told {
  readonly sequence?: number;
  readonly mode?: 'live' | 'shadow';
  readonly kind?: SubjectKind;
  readonly id?: string;
  readonly attempt?: number;
}

class World {
  readonly ledger = new Ledger();
  readonly published: WireEvent[] = [];
  now = Date.parse('2026-03-04T12:00:00.000Z');
  #timers: { readonly at: number; readonly act: () => void }[] = [];
  readonly processor = new ReferenceProcessor({
    ledger: this.ledger,
    publish: (event) => {
      this.published.push(event);
      return Promise.resolve();
    },
    now: () => this.now,
    schedule: (at, act) => {
      const timer = { at, act };
      this.#timers.push(timer);
      return () => {
        this.#timers = this.#timers.filter((one) => one !== timer);
      };
    },
    onFailed: (error) => {
      throw error;
    },
  });

  constructor() {
    this.ledger.deposit(PAYER, OWN_MINOR);
  }

  ask({ yuan = 500, kind = 'transfer', paidCount = 0 }: Asked = {}): string {
    const id = `${kind}-1`;
    this.processor.request({
      specversion: '1.0',
      id: 'event-1',
      source: 'urn:example:wallet',
      type: `io.lengjing.${kind === 'transfer' ? 'transfer' : 'credit.draw'}${kind === 'transfer' ? '.' : '-'}requested.v1`,
      time: new Date(this.now).toISOString(),
      datacontenttype: 'application/json',
      data: {
        ...(kind === 'transfer' ? { transferId: id } : { drawId: id }),
        payer: { accountId: PAYER },
        payee: { accountId: PAYEE, paidCount },
        amount: { currency: 'CNY', value: yuan.toFixed(2) },
      },
    });
    return id;
  }

  decide(
    outcome: 'allow' | 'warn' | 'hold',
    { sequence = 1, mode = 'live', kind = 'transfer' }: Told = {},
  ): void {
    this.processor.decided({ sequence, subject: { kind, id: `${kind}-1` }, mode, outcome });
  }

  order(
    order: HoldOrder['order'],
    orderSequence: number,
    { kind = 'transfer', id = `${kind}-1`, attempt = 1 }: Told = {},
  ): void {
    this.processor.ordered({
      holdId: 'hold-1',
      subject: { kind, id },
      payer: { accountId: PAYER },
      order,
      orderSequence,
      attempt,
    });
  }

  pass(ms: number): void {
    this.now += ms;
    for (const timer of this.#timers.filter(({ at }) => at <= this.now)) timer.act();
  }

  state(kind: 'transfer' | 'draw' = 'transfer'): PaymentState | undefined {
    return this.processor.stateOf(kind, `${kind}-1`);
  }

  /** Names of what was published, results of acknowledgements after a colon. */
  said(): readonly string[] {
    return this.published.map(({ type, data }) => {
      const name = type.replace(/^io\.lengjing\.|\.v1$/g, '');
      return name === 'hold.acknowledged'
        ? `ack ${String(data['orderSequence'])}: ${String(data['result'])}`
        : name;
    });
  }

  /** Every fen is somewhere. */
  total(): number {
    const { free, reserved, debt } = this.ledger.balances(PAYER);
    return free + reserved - debt + this.ledger.balances(PAYEE).free;
  }
}

/** Brings a fresh world's transfer of ¥500 into a state. */
const INTO: Readonly<Record<PaymentState, (world: World) => void>> = {
  asked: (world) => void world.ask(),
  waiting: (world) => {
    world.ask();
    world.pass(DECIDE_WITHIN_MS);
  },
  held: (world) => {
    world.ask();
    world.decide('hold');
  },
  paid: (world) => {
    world.ask();
    world.decide('allow');
  },
  stopped: (world) => {
    world.ask();
    world.order('cancel', 1);
  },
};

describe('a decision', () => {
  it.each<[PaymentState, 'allow' | 'warn' | 'hold', PaymentState]>([
    ['asked', 'allow', 'paid'],
    ['asked', 'warn', 'paid'],
    ['asked', 'hold', 'held'],
    ['waiting', 'allow', 'paid'],
    ['waiting', 'warn', 'paid'],
    ['waiting', 'hold', 'held'],
    ['held', 'allow', 'held'],
    ['held', 'warn', 'held'],
    ['held', 'hold', 'held'],
    ['paid', 'allow', 'paid'],
    ['paid', 'warn', 'paid'],
    ['paid', 'hold', 'paid'],
    ['stopped', 'allow', 'stopped'],
    ['stopped', 'warn', 'stopped'],
    ['stopped', 'hold', 'stopped'],
  ])('%s, then %s: %s', (before, outcome, after) => {
    const world = new World();
    INTO[before](world);
    world.decide(outcome, { sequence: 2 });
    expect(world.state()).toBe(after);
    expect(world.total()).toBe(OWN_MINOR);
  });

  it('in shadow mode binds nothing', () => {
    const world = new World();
    world.ask();
    world.decide('hold', { mode: 'shadow' });
    expect(world.state()).toBe('paid');
  });

  it('that came before is not obeyed again, and one of somebody else’s is passed over', () => {
    const world = new World();
    world.ask();
    world.decide('hold', { sequence: 2 });
    world.decide('allow', { sequence: 1 });
    world.processor.decided({
      sequence: 9,
      subject: { kind: 'transfer', id: 'unknown' },
      mode: 'live',
      outcome: 'allow',
    });
    expect(world.state()).toBe('held');
  });
});

describe('an order', () => {
  it.each<[PaymentState, HoldOrder['order'], PaymentState, string]>([
    ['asked', 'hold', 'held', 'done'],
    ['asked', 'release', 'paid', 'done'],
    ['asked', 'cancel', 'stopped', 'done'],
    ['waiting', 'hold', 'held', 'done'],
    ['waiting', 'release', 'paid', 'done'],
    ['waiting', 'cancel', 'stopped', 'done'],
    ['held', 'hold', 'held', 'done'],
    ['held', 'release', 'paid', 'done'],
    ['held', 'cancel', 'stopped', 'done'],
    ['paid', 'hold', 'paid', 'too_late'],
    ['paid', 'release', 'paid', 'done'],
    ['paid', 'cancel', 'paid', 'too_late'],
    ['stopped', 'hold', 'stopped', 'done'],
    ['stopped', 'release', 'stopped', 'too_late'],
    ['stopped', 'cancel', 'stopped', 'done'],
  ])('%s, then %s: %s, %s', (before, order, after, result) => {
    const world = new World();
    INTO[before](world);
    world.order(order, 7);
    expect(world.state()).toBe(after);
    expect(world.said().at(-1)).toBe(`ack 7: ${result}`);
    expect(world.total()).toBe(OWN_MINOR);
  });

  it('lower than the last is acknowledged and ignored: no release after a cancel', () => {
    const world = new World();
    world.ask();
    world.order('hold', 1);
    world.order('cancel', 3);
    world.order('release', 2);
    world.decide('allow', { sequence: 2 });
    expect(world.state()).toBe('stopped');
    expect(world.said().slice(1)).toEqual([
      'ack 1: done',
      'transfer.cancelled',
      'ack 3: done',
      'ack 2: done',
    ]);
    expect(world.ledger.balances(PAYER)).toEqual({ free: OWN_MINOR, reserved: 0, debt: 0 });
  });

  it('that is sent again is acknowledged again, under an id of its own, and obeyed once', () => {
    const world = new World();
    world.ask();
    world.order('release', 2);
    world.order('release', 2, { attempt: 2 });
    expect(world.said().slice(1)).toEqual(['transfer.settled', 'ack 2: done', 'ack 2: done']);
    expect(new Set(world.published.map(({ id }) => id)).size).toBe(world.published.length);
    expect(world.ledger.balances(PAYEE).free).toBe(50_000);
  });

  it('for what is not known says so', () => {
    const world = new World();
    world.order('cancel', 1, { id: 'unknown' });
    expect(world.said()).toEqual(['ack 1: unknown_subject']);
  });
});

describe('a loan', () => {
  it('that is held is never there to be spent, and is paid out when released', () => {
    const world = new World();
    world.ask({ kind: 'draw', yuan: 34_000 });
    world.decide('hold', { kind: 'draw' });
    expect(world.ledger.balances(PAYER)).toEqual({ free: OWN_MINOR, reserved: 0, debt: 0 });
    world.order('release', 2, { kind: 'draw' });
    expect(world.ledger.balances(PAYER)).toEqual({
      free: OWN_MINOR + 3_400_000,
      reserved: 0,
      debt: 3_400_000,
    });
    expect(world.said()).toEqual(['credit.draw-requested', 'credit.drawn', 'ack 2: done']);
  });

  it('that is cancelled leaves no debt', () => {
    const world = new World();
    world.ask({ kind: 'draw', yuan: 34_000 });
    world.order('cancel', 1, { kind: 'draw' });
    expect(world.ledger.balances(PAYER).debt).toBe(0);
    expect(world.said()).toEqual(['credit.draw-requested', 'credit.draw-cancelled', 'ack 1: done']);
  });
});

describe('silence', () => {
  it.each<[string, Asked, PaymentState]>([
    ['a small sum to a known payee', { yuan: 499.99, paidCount: 3 }, 'paid'],
    ['a small sum to a new payee', { yuan: 1, paidCount: 0 }, 'waiting'],
    ['a larger sum to a known payee', { yuan: 500, paidCount: 3 }, 'waiting'],
    ['a loan, however small', { yuan: 1, kind: 'draw' }, 'waiting'],
  ])('%s', (_title, request, after) => {
    const world = new World();
    world.ask(request);
    world.pass(DECIDE_WITHIN_MS - 1);
    expect(world.state(request.kind)).toBe('asked');
    world.pass(1);
    expect(world.state(request.kind)).toBe(after);
  });

  it('tells the engine by when it must answer', () => {
    const world = new World();
    world.ask();
    expect(world.published[0]?.data['decideBy']).toBe('2026-03-04T12:00:03.000Z');
  });

  it('is over once there is a decision', () => {
    const world = new World();
    world.ask({ yuan: 100, paidCount: 3 });
    world.decide('hold');
    world.pass(DECIDE_WITHIN_MS);
    expect(world.state()).toBe('held');
  });
});

describe('money', () => {
  it('that is not there is not set aside, and the attempt is reported', () => {
    const world = new World();
    world.ask({ yuan: 10_000.01 });
    expect(world.said()).toEqual(['transfer.requested', 'transfer.failed']);
    expect(world.state()).toBe('stopped');
    world.decide('allow');
    expect(world.total()).toBe(OWN_MINOR);
  });

  it('that waits cannot be spent a second time', () => {
    const world = new World();
    world.ask({ yuan: 6_000 });
    world.decide('hold');
    expect(
      world.ledger.reserve('another', { payerId: PAYER, payeeId: PAYEE, minor: 400_001 }),
    ).toBe(false);
    expect(world.ledger.balances(PAYER)).toEqual({ free: 400_000, reserved: 600_000, debt: 0 });
  });

  it('comes back once where the payee’s bank returns it, and only what was paid', () => {
    const world = new World();
    const id = world.ask();
    const back: WireEvent = {
      ...(world.published[0] as WireEvent),
      id: 'back',
      type: 'io.lengjing.transfer.failed.v1',
      data: { transferId: id },
    };
    world.processor.returned(back);
    expect(world.published).not.toContain(back);
    world.decide('allow');
    world.processor.returned(back);
    world.processor.returned(back);
    expect(world.published.filter((one) => one === back)).toHaveLength(1);
    expect(world.ledger.balances(PAYER).free).toBe(OWN_MINOR);
  });
});
