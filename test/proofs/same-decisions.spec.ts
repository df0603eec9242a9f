/** What must change nothing: repeats, ties, small errors of clocks, time zones, the turn of a year, a time nobody has reached yet. */
import { describe, expect, it } from '@jest/globals';
import { DAY_MS, INPUT_TOPICS, SECOND_MS, TOPIC_OF, formatInstant } from '#domain';
import { makeChance, type Chance } from '#testing';
import { replay, type Replayed } from './shuffles.ts';
import {
  caseStreams,
  inOrder,
  readAll,
  simulatedStreams,
  type Read,
  type Stream,
} from './streams.ts';

const STREAMS: readonly Stream[] = [...caseStreams(), ...simulatedStreams('river', 8)];

interface Line {
  readonly time: string;
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The stream with every line rewritten, in the order of its times. */
function rewritten(
  stream: Stream,
  rewrite: (line: Line, read: Read, index: number) => Line,
): readonly Read[] {
  const lines = stream.reads.map((read, index) =>
    rewrite(JSON.parse(read.line) as Line, read, index),
  );
  return inOrder(readAll(lines.map((line) => JSON.stringify(line))));
}

const decisionsOf = ({ made }: Replayed): object => Object.fromEntries(made);

/** The last decision about each subject, without what age alone may change by tenths. */
function verdictsOf({ made }: Replayed): object {
  return Object.fromEntries(
    [...made].map(([key, decisions]) => [key, [decisions.at(-1)?.outcome, decisions.at(-1)?.tier]]),
  );
}

const bySeed = (seed: number): Chance => makeChance(seed);

describe('no decision changes', () => {
  it('when events come twice, or often', () => {
    const chance = bySeed(1);
    for (const { payerId, reads } of STREAMS) {
      const repeated = reads.flatMap((read, index) => {
        const again = Array.from({ length: chance.below(3) }, () => reads[chance.below(index + 1)]);
        return [read, ...again.filter((one) => one !== undefined)];
      });
      expect(repeated.length).toBeGreaterThanOrEqual(reads.length);
      expect(decisionsOf(replay(payerId, repeated))).toEqual(decisionsOf(replay(payerId, reads)));
    }
  });

  it('when events of the same moment come in another order', () => {
    let ties = 0;
    for (const stream of STREAMS) {
      // To the full minute, so that there are many such moments.
      const tied = rewritten(stream, (line) => ({
        ...line,
        time: formatInstant(Math.floor(Date.parse(line.time) / 60_000) * 60_000),
      }));
      const expected = verdictsOf(replay(stream.payerId, tied));
      const chance = bySeed(2);
      const other = tied
        .map((read) => ({ read, by: chance.fraction() }))
        .sort((a, b) => a.read.event.time - b.read.event.time || a.by - b.by)
        .map(({ read }) => read);
      ties += other.filter((read, index) => read !== tied[index]).length;
      expect(verdictsOf(replay(stream.payerId, other))).toEqual(expected);
    }
    expect(ties).toBeGreaterThan(50);
  });

  it('when times are written in other time zones', () => {
    const written: string[] = [];
    const offsets = ['+08:00', '-05:30', '+14:00', '-12:00', '+00:00'];
    for (const stream of STREAMS) {
      const moved = rewritten(stream, (line, { event }, index) => {
        const offset = offsets[index % offsets.length] ?? 'Z';
        const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4));
        const shift = (offset.startsWith('-') ? -1 : 1) * minutes * 60_000;
        return { ...line, time: formatInstant(event.time + shift).replace('Z', offset) };
      });
      written.push(...moved.map(({ line }) => /[+-]\d\d:00"|:30"/.exec(line)?.[0] ?? ''));
      expect(decisionsOf(replay(stream.payerId, moved))).toEqual(
        decisionsOf(replay(stream.payerId, stream.reads)),
      );
    }
    expect(new Set(written).size).toBeGreaterThanOrEqual(offsets.length);
  });

  it.each([
    ['the turn of a year', '2026-12-31T16:00:00.000Z'],
    ['a year’s end in China', '2026-12-31T15:59:59.500Z'],
    ['a leap day', '2028-02-29T00:00:00.000Z'],
  ])('when everything happens around %s', (_when, middle) => {
    for (const stream of STREAMS) {
      const [first, last] = [stream.reads[0], stream.reads.at(-1)].map((one) => one?.event.time);
      const shift = Date.parse(middle) - Math.round(((first ?? 0) + (last ?? 0)) / 2);
      const moved = rewritten(stream, (line) => moveAll(line, shift) as Line);
      expect(decisionsOf(replay(stream.payerId, moved))).toEqual(
        decisionsOf(replay(stream.payerId, stream.reads)),
      );
    }
  });

  it('when the clock of a feed is wrong by less than the tolerance', () => {
    let moved = 0;
    for (const stream of STREAMS) {
      const expected = verdictsOf(replay(stream.payerId, stream.reads));
      for (const topic of INPUT_TOPICS) {
        if (topic === 'payments.transfers') continue;
        const skewed = rewritten(stream, (line, { event }) => {
          if (TOPIC_OF[event.kind] !== topic) return line;
          moved += 1;
          return { ...line, time: formatInstant(event.time + 2 * SECOND_MS) };
        });
        expect([stream.name, topic, verdictsOf(replay(stream.payerId, skewed))]).toEqual([
          stream.name,
          topic,
          expected,
        ]);
      }
    }
    expect(moved).toBeGreaterThan(100);
  });

  it('because of events from the year 2099, wherever they come', () => {
    for (const stream of STREAMS) {
      const ahead = stream.reads.map(({ line }, index) => {
        const { time: _time, id, ...rest } = JSON.parse(line) as Line;
        const time = formatInstant(Date.UTC(2099, 0, 1) + index);
        return { ...rest, time, id: `${id}-2099`, data: renamed(rest.data) };
      });
      const later = readAll(ahead.map((line) => JSON.stringify(line)));
      const before = decisionsOf(replay(stream.payerId, stream.reads));
      const mixed = stream.reads.flatMap((read, index) => [later[index] ?? read, read]);
      for (const arrivals of [[...later, ...stream.reads], mixed]) {
        const { made } = replay(stream.payerId, arrivals);
        const ofNow = [...made].filter(([key]) => !key.endsWith('-2099'));
        expect(Object.fromEntries(ofNow)).toEqual(before);
        // What comes from there is decided all the same.
        expect(made.size).toBeGreaterThan(ofNow.length);
      }
    }
  });
});

/** As many events as make the replay forget what is old, the last of them from far ahead; then the loan of before is sent on. */
it('an event from 2099 makes nobody forget what just happened', () => {
  const stream = caseStreams().find(({ name }) => name === 'li');
  const lines = (stream?.reads ?? []).map(({ line }) => JSON.parse(line) as Line);
  const [drawn, sent] = ['credit.drawn', 'transfer.requested'].map((kind) =>
    lines.findLast(({ type }) => type.includes(`.${kind}.`)),
  );
  const { time = '', data = {} } = drawn ?? {};
  const noise = Array.from({ length: 255 }, (_, index) => ({
    specversion: '1.0',
    source: 'urn:spec',
    type: 'io.lengjing.session.observed.v1',
    id: `noise-${index}`,
    time: index < 254 ? time : '2099-01-01T00:00:00Z',
    data: { payer: data['payer'], signal: 'help_searched' },
  }));
  const payerId = stream?.payerId ?? '';
  const told = (...given: readonly unknown[]): object =>
    decisionsOf(replay(payerId, readAll(given.map((one) => JSON.stringify(one)))));
  const remembered = told(drawn, ...noise.slice(0, 254), sent);
  expect(JSON.stringify(remembered)).toContain('CR1');
  expect(told(drawn, ...noise, sent)).toEqual(remembered);
});

/** Subjects of their own. */
function renamed(data: Line['data']): Line['data'] {
  const names = ['transferId', 'drawId', 'codeId'].filter((name) => name in data);
  return {
    ...data,
    ...Object.fromEntries(names.map((name) => [name, `${String(data[name])}-2099`])),
  };
}

const TIME = /^\d{4}-\d{2}-\d{2}T/;

/** Every time in a piece of JSON, so that ages stay what they are. */
function moveAll(json: unknown, shift: number): unknown {
  if (typeof json === 'string') {
    return TIME.test(json) ? formatInstant(Date.parse(json) + shift) : json;
  }
  if (Array.isArray(json)) return json.map((one) => moveAll(one, shift));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [name, moveAll(value, shift)]),
  );
}

/** Nothing here depends on how long a stream is, but what lies more than the window apart would not be seen together. */
it('is shown on streams of a few days', () => {
  for (const { reads } of STREAMS) {
    const [first, last] = [reads[0], reads.at(-1)].map((one) => one?.event.time ?? 0);
    expect((last ?? 0) - (first ?? 0)).toBeLessThan(20 * DAY_MS);
  }
});
