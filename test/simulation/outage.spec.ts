/** What an outage leaves behind is caught up with in one batch: requests, and what became of them meanwhile. */
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { DecisionSettings } from '#application';
import {
  readJournal,
  CALM,
  arrivalOf,
  checkRun,
  checkSimulation,
  generateStream,
  readInputs,
  rehearsalSettings,
  simulate,
  stormOf,
  type Arrival,
  type SentEvent,
  type SimulationRun,
} from '#testing';

const SETTINGS = rehearsalSettings('lengjing-acceptance-key');
/** Mr Li's first held transfer. */
const HELD = 'LI-t14';

function li(): readonly SentEvent[] {
  const text = readFileSync('apps/cli/samples/li.jsonl', 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as SentEvent);
}

function outcome(kind: string, seconds: number): SentEvent {
  const request = li().find(({ data }) => data['transferId'] === HELD);
  if (request === undefined) throw new Error('the sample has no such transfer');
  return {
    ...request,
    id: `outcome-${kind}`,
    type: `io.lengjing.transfer.${kind}.v1`,
    time: new Date(Date.parse(request.time) + seconds * 1_000).toISOString(),
    data: { payer: request.data.payer, transferId: HELD },
  };
}

/** Everything lies on the log when the engine comes up. */
async function caughtUp(events: readonly SentEvent[]): Promise<SimulationRun> {
  const at = Math.max(...events.map(({ time }) => Date.parse(time)));
  const arrivals = events.map((event) => arrivalOf(event, at));
  return simulate({ seed: 1, weather: CALM, arrivals, settings: SETTINGS });
}

function ordersOf(run: SimulationRun): readonly string[] {
  const hold = run.holds.find(({ subject }) => subject.id === HELD);
  return readJournal(run.chains)
    .holds.filter(({ body }) => body.holdId === hold?.holdId)
    .map(({ type, body }) => `${type} ${body.order} ${body.actor}`);
}

describe('after an outage', () => {
  it.each([
    ['settled', 'hold.released release processor'],
    ['failed', 'hold.cancelled cancel processor'],
    ['cancelled', 'hold.cancelled cancel processor'],
  ])('a transfer that has %s by then is held and let go at once', async (kind, end) => {
    const run = await caughtUp([...li(), outcome(kind, 60)]);
    expect((await checkSimulation(run, SETTINGS)).findings).toEqual([]);
    expect(ordersOf(run)).toEqual(['hold.placed hold clock', end]);
  });

  it('so is one whose outcome overtook its request', async () => {
    const [first, rest] = [outcome('settled', 60), li()];
    const at = Math.max(...rest.map(({ time }) => Date.parse(time)));
    const arrivals = [arrivalOf(first, at), ...rest.map((event) => arrivalOf(event, at + 1_000))];
    const run = await simulate({ seed: 1, weather: CALM, arrivals, settings: SETTINGS });
    expect((await checkSimulation(run, SETTINGS)).findings).toEqual([]);
    expect(ordersOf(run)).toEqual(['hold.placed hold clock', 'hold.released release processor']);
  });
});

describe('an outcome', () => {
  it('told of another payer’s transfer ends nothing', async () => {
    const events = li();
    const at = Math.max(...events.map(({ time }) => Date.parse(time)));
    const told = outcome('settled', 60);
    // Of many payers, so that some stand in one batch with Mr Li, who pays again and so has his holds looked at.
    const strangers = Array.from({ length: 24 }, (_, number): SentEvent => {
      const payer = { ...told.data.payer, accountId: `stranger-${number}` };
      return { ...told, id: `${told.id}-${number}`, data: { ...told.data, payer } };
    });
    const held = events.filter(({ data }) => data['transferId'] === HELD);
    const again = held.map((event): SentEvent => {
      const time = new Date(at + 1_000).toISOString();
      return { ...event, id: 'again', time, data: { ...event.data, transferId: 'LI-again' } };
    });
    const arrivals = [
      ...events.map((event) => arrivalOf(event, at)),
      ...[...again, ...strangers].map((event) => arrivalOf(event, at + 60_000)),
    ];
    const run = await simulate({ seed: 1, weather: CALM, arrivals, settings: SETTINGS });
    expect((await checkSimulation(run, SETTINGS)).findings).toEqual([]);
    expect(ordersOf(run)[0]).toBe('hold.placed hold clock');
    expect(ordersOf(run).filter((order) => order.endsWith('processor'))).toEqual([]);
  });
});

describe('a record that we fail on ourselves', () => {
  const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

  /** A code book that breaks on one payer's codes. */
  function broken(): DecisionSettings {
    const settings = rehearsalSettings();
    return {
      ...settings,
      codeBook: {
        digest(keyId, codeId, canonical) {
          if (codeId.startsWith('payer-1-')) throw new Error('a bug of ours');
          return settings.codeBook.digest(keyId, codeId, canonical);
        },
      },
    };
  }

  const isSetAside = (run: SimulationRun): number =>
    readJournal(run.chains).refusals.filter(({ body }) => body.code === 'processing_failed').length;

  it.each(SEEDS)(
    'is set aside with its fallback decision, and everything else is decided, seed %i',
    async (seed) => {
      const arrivals: readonly Arrival[] = generateStream({
        seed,
        payers: 3,
        events: 25,
        unanswered: true,
      });
      const settings = broken();
      const options = { seed, weather: stormOf(seed), arrivals, settings, mayFail: true };
      const run = await simulate(options);
      const record = { ...run, inputs: readInputs(run.records, run.partitions) };
      expect(checkRun(record, { allHoldsEnded: true, maySetAside: true })).toEqual([]);
      const { decisions } = readJournal(run.chains);
      const fallbacks = decisions.filter(
        ({ body, subject }) =>
          body.reasons.some(({ code }) => code === 'INPUT_REFUSED') &&
          !subject.id.endsWith('spoilt'),
      );
      // What failed is named, counted and only the one payer's.
      expect(new Set(fallbacks.map(({ payerId }) => payerId)).size).toBeLessThanOrEqual(1);
      expect(fallbacks.every(({ payerId }) => payerId === 'payer-1')).toBe(true);
      expect(isSetAside(run)).toBeGreaterThanOrEqual(fallbacks.length);
      setAside += isSetAside(run);
    },
  );
  let setAside = 0;

  it('happened at all', () => {
    expect(setAside).toBeGreaterThan(SEEDS.length);
  });
});
