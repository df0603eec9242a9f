/**
 * A cancel one second before, at, and one second after the due time, from each actor and from all of them, handled in every order, under every
 * profile: the precedence of DESIGN (Hold life) holds, and no money goes that somebody stopped in time.
 */
import { describe, expect, it } from '@jest/globals';
import type { HoldRow } from '#application';
import type { ExpiryAction, HoldCommand, Instant } from '#domain';
import { DAY, HOUR, T0 } from '../contract/samples.ts';
import { answer, instruction, openHoldDesk, settled, type Desk } from './hold-desk.ts';

const DUE = T0 + 2 * HOUR;
const ACTORS = ['authority', 'payer', 'analyst'] as const;
type Actor = (typeof ACTORS)[number];
const OFFSETS = [-1_000, 0, 1_000] as const;

interface Sent {
  readonly actor: Actor;
  readonly at: Instant;
}

const STAFF_CANCEL: HoldCommand = { type: 'cancel', actor: 'analyst', reason: 'scam_confirmed' };
const RECALL_OF = {
  authority: 'instruction_stop',
  payer: 'payer_cancelled',
  analyst: 'scam_confirmed',
} as const;

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]),
  );
}

/** Every non-empty choice of actors, each at every offset. */
function choices(): Sent[][] {
  let all: Sent[][] = [[]];
  for (const actor of ACTORS) {
    const sent = OFFSETS.map((offset) => ({ actor, at: DUE + offset }));
    all = all.flatMap((so) => [so, ...sent.map((one) => [...so, one])]);
  }
  return all.filter((sent) => sent.length > 0);
}

type Step = Sent | 'clock';

interface Outcome {
  readonly row: HoldRow;
  /** What the processor was ordered, in order. */
  readonly orders: readonly string[];
  readonly ends: number;
  readonly releasedBefore: readonly Sent[];
}

/** Handles the steps in their order. Staff act when they act: nobody's answer is on its way to them. */
async function play(action: ExpiryAction, steps: readonly Step[]): Promise<Outcome> {
  const desk = openHoldDesk();
  const hold = await desk.place({
    dueAt: DUE,
    expiryAction: action,
    ceilingAt: action === 'release' ? DUE : T0 + 3 * DAY,
  });
  desk.clock.at = DUE - 1_000;
  const releasedBefore: Sent[] = [];
  for (const [index, step] of steps.entries()) {
    if (step === 'clock') {
      desk.clock.at = Math.max(desk.clock.at, DUE);
      await desk.engine([], readUntil(steps.slice(index + 1)));
      await desk.tick();
      continue;
    }
    desk.clock.at = Math.max(desk.clock.at, step.at);
    if ((await desk.find(hold.holdId)).status === 'released') releasedBefore.push(step);
    await act(desk, hold, step, readUntil(steps.slice(index + 1)));
  }
  // The worker looks again and again, and the engine reads on.
  desk.clock.at = Math.max(desk.clock.at, DUE) + 5_000;
  await desk.engine([], desk.clock.at);
  await desk.tick();
  const entries = (await desk.journal()).filter(({ type }) => type.startsWith('hold.'));
  const orders = entries.map(({ body }) => (body as { readonly order: string }).order);
  const ends = orders.filter((order) => order !== 'hold').length;
  return { row: await desk.find(hold.holdId), orders, ends, releasedBefore };
}

/** Everything sent before this is read: what is still to come of payer and authority was not. */
function readUntil(later: readonly Step[]): Instant {
  const unread = later.flatMap((step) =>
    step === 'clock' || step.actor === 'analyst' ? [] : [step.at - 1],
  );
  return Math.min(DUE + 4_000, ...unread);
}

async function act(desk: Desk, hold: HoldRow, { actor, at }: Sent, read: Instant): Promise<void> {
  switch (actor) {
    case 'authority':
      return desk.engine([instruction(hold, 'stop', at)], read);
    case 'payer':
      return desk.engine([answer(hold, 'cancel', at)], read);
    case 'analyst':
      await desk.staff(hold.holdId, STAFF_CANCEL);
      return undefined;
  }
}

describe.each<ExpiryAction>(['reconfirm', 'release', 'reject'])('under %s', (action) => {
  it('a cancel at the due time ± 1 s, from each and from all, in every order', async () => {
    let played = 0;
    let recalled = 0;
    for (const sent of choices()) {
      for (const steps of permutations<Step>([...sent, 'clock'])) {
        const { row, ends, releasedBefore } = await play(action, steps);
        const told = JSON.stringify({ action, steps, status: row.status, ended: row.ended });
        played += 1;
        expect([told, ends]).toEqual([told, 1]);
        const inTime = sent.some(({ actor, at }) => actor !== 'analyst' && at <= DUE);
        // Sent in time by who is read from the log: the money never goes, however late it is handled.
        if (inTime || action !== 'release') {
          expect([told, row.status === 'released']).toEqual([told, false]);
        }
        // Whoever comes after the release asks the money back, the first of them and once.
        const [first] = releasedBefore;
        const reason = first === undefined ? undefined : RECALL_OF[first.actor];
        expect([told, row.recall?.reason]).toEqual([told, reason]);
        if (reason !== undefined) recalled += 1;
      }
    }
    expect(played).toBe(828);
    expect(recalled > 0).toBe(action === 'release');
  });
});

describe('acts that are known at once', () => {
  async function together(
    events: (row: HoldRow) => Parameters<Desk['engine']>[0],
  ): Promise<HoldRow> {
    const desk = openHoldDesk();
    const hold = await desk.place({ status: 'matured', dueAt: DUE, payerId: 'payer-1' });
    desk.clock.at = DUE + HOUR;
    await desk.engine(events(hold));
    return desk.find(hold.holdId);
  }
  const stop = (row: HoldRow, at: Instant) => instruction(row, 'stop', at);
  const lift = (row: HoldRow, at: Instant) => instruction(row, 'lift', at);
  const cancel = (row: HoldRow, at: Instant) => answer(row, 'cancel', at);
  const confirm = (row: HoldRow, at: Instant) => ({
    ...answer(row, 'reconfirm', at),
    payer: { accountId: row.payerId, sessionId: 'fresh' },
  });

  it.each([
    ['authority stops, payer cancels', stop, cancel, 'authority', 'cancelled'],
    ['authority lifts, payer cancels', lift, cancel, 'payer', 'cancelled'],
    ['authority stops and lifts', stop, lift, 'authority', 'cancelled'],
    ['payer cancels and reconfirms', cancel, confirm, 'payer', 'cancelled'],
    ['authority lifts, payer reconfirms', lift, confirm, 'authority', 'released'],
    ['the money left, payer cancels', settled, cancel, 'processor', 'released'],
    ['the money left, authority stops', settled, stop, 'processor', 'released'],
  ] as const)('%s, in either order', async (_what, one, other, actor, status) => {
    for (const [first, second] of [
      [one, other],
      [other, one],
    ] as const) {
      const row = await together((hold) => [first(hold, DUE), second(hold, DUE + 1_000)]);
      expect([row.status, row.ended?.actor]).toEqual([status, actor]);
    }
  });

  it('who cancels money that has left asks it back', async () => {
    const row = await together((hold) => [cancel(hold, DUE), settled(hold, DUE + 1)]);
    expect(row).toMatchObject({ status: 'released', recall: { reason: 'payer_cancelled' } });
  });
});

describe('an authority’s instruction', () => {
  it('that names no hold stops every payment of the payer that waits, and nobody else’s', async () => {
    const desk = openHoldDesk();
    desk.clock.at = T0 + HOUR;
    const subject = (id: string) =>
      ({ source: 'urn:test:platform', kind: 'transfer', id }) as const;
    const mine = [
      await desk.place({ payerId: 'xu', subject: subject('a') }),
      await desk.place({ payerId: 'xu', subject: subject('b'), status: 'matured' }),
    ];
    const other = await desk.place({ payerId: 'li', subject: subject('c') });
    await desk.engine([instruction(mine[0] as HoldRow, 'stop', T0, { wholePayer: true })]);
    for (const { holdId } of mine) {
      expect((await desk.find(holdId)).ended).toMatchObject({ actor: 'authority' });
    }
    expect((await desk.find(other.holdId)).status).toBe('placed');
  });

  it('whose term is over asks for nothing', async () => {
    const desk = openHoldDesk();
    const hold = await desk.place({});
    desk.clock.at = T0 + HOUR;
    await desk.engine([instruction(hold, 'stop', T0, { validUntil: T0 + HOUR - 1 })]);
    expect((await desk.find(hold.holdId)).status).toBe('placed');
  });
});
