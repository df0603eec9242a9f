/** The checks of a run find what is wrong: each kind of damage done to a good run is named. */
import { hash } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { NO_LEAF, sealEntries, type EntryDraft, type SealedEntry } from '#domain';
import {
  CALM,
  checkRun,
  contentOf,
  generateStream,
  readInputs,
  rehearsalSettings,
  simulate,
  type RunRecord,
} from '#testing';

let good: RunRecord;
beforeAll(async () => {
  const arrivals = generateStream({ seed: 7, payers: 6, events: 20 });
  const run = await simulate({ seed: 7, weather: CALM, arrivals, settings: rehearsalSettings() });
  good = { ...run, inputs: readInputs(run.records, run.partitions) };
});

const check = (damage: Partial<RunRecord>): readonly string[] =>
  checkRun({ ...good, ...damage }, { allHoldsEnded: true });

type Body = EntryDraft['body'];

/** The journal sealed anew after a change of its drafts, so that only what they say is wrong. */
function rewritten(
  change: (drafts: readonly EntryDraft[], chain: number) => readonly EntryDraft[],
): RunRecord['chains'] {
  let salts = 0;
  return new Map(
    [...good.chains].map(([chain, entries]) => {
      const drafts = entries.map((entry): EntryDraft => {
        const { type, at, body, personal } = contentOf(entry);
        return { type, at, body: body as Body, personal };
      });
      const tools = {
        digest: (text: string, encoding: 'hex' | 'base64url') => hash('sha256', text, encoding),
        salt: () => `salt-${(salts += 1)}`,
      };
      return [
        chain,
        sealEntries({ sequence: 0, leafHash: NO_LEAF }, chain, change(drafts, chain), tools),
      ];
    }),
  );
}

/** Every draft of a type, the first of them changed. */
function withFirst(
  type: EntryDraft['type'],
  change: (draft: EntryDraft) => readonly EntryDraft[],
): RunRecord['chains'] {
  let done = false;
  return rewritten((drafts) =>
    drafts.flatMap((draft) => {
      if (done || draft.type !== type) return [draft];
      done = true;
      return change(draft);
    }),
  );
}

const twice = (draft: EntryDraft): readonly EntryDraft[] => [draft, draft];
const gone = (): readonly EntryDraft[] => [];
const changed =
  (body: (before: Body) => Body) =>
  (draft: EntryDraft): readonly EntryDraft[] => [{ ...draft, body: body(draft.body) }];

/** The entry's place in time moved. */
const at =
  (time: (before: number) => number) =>
  (draft: EntryDraft): readonly EntryDraft[] => [{ ...draft, at: time(draft.at) }];

describe('the checks of a run', () => {
  it('find nothing wrong with a good one', () => {
    expect(check({})).toEqual([]);
  });

  it.each<[string, () => RunRecord['chains'], RegExp]>([
    [
      'a decision that is missing',
      () => withFirst('decision.made', gone),
      /no decision|has sequence/,
    ],
    [
      'a decision that stands twice',
      () => withFirst('decision.made', twice),
      /has sequence|no stricter/,
    ],
    [
      'a decision by another id',
      () =>
        withFirst(
          'decision.made',
          changed((body) => ({ ...body, decisionId: 'other' })),
        ),
      /has sequence 1/,
    ],
    ['a batch that is missing', () => withFirst('batch.consumed', gone), /a batch begins at/],
    ['a batch that stands twice', () => withFirst('batch.consumed', twice), /a batch begins at/],
    [
      'a batch that counts one more',
      () =>
        withFirst(
          'batch.consumed',
          changed((body) => ({ ...body, counts: { ...(body['counts'] as Body), kept: 99 } })),
        ),
      /the counts of batch/,
    ],
    [
      'a batch that counts a decision too many',
      () =>
        withFirst(
          'batch.consumed',
          changed((body) => ({ ...body, counts: { ...(body['counts'] as Body), decided: 99 } })),
        ),
      /batches count/,
    ],
    ['a refusal that is missing', () => withFirst('record.refused', gone), /refused as nothing/],
    ['a refusal that stands twice', () => withFirst('record.refused', twice), /refused twice/],
    [
      'a refusal of what was good',
      () =>
        withFirst(
          'record.refused',
          changed((body) => ({ ...body, offset: 0, topic: 'payer.profiles' })),
        ),
      /refused as/,
    ],
    [
      'a hold that was never placed',
      () => withFirst('hold.placed', gone),
      /does not begin|not in the journal/,
    ],
    ['a hold that is placed twice', () => withFirst('hold.placed', twice), /is placed twice/],
    [
      'a hold that matures too early',
      () =>
        withFirst(
          'hold.matured',
          at((time) => time - 86_400_000),
        ),
      /matured before it was due/,
    ],
    [
      'a hold that expires too early',
      () =>
        withFirst(
          'hold.expired',
          at((time) => time - 86_400_000),
        ),
      /expired too early/,
    ],
    [
      'a hold that matures past its ceiling',
      () =>
        withFirst(
          'hold.matured',
          at((time) => time + 4 * 86_400_000),
        ),
      /after its ceiling/,
    ],
    ['a hold that ends twice', () => withFirst('hold.expired', twice), /goes on after its end/],
    ['a hold that never ends', () => withFirst('hold.expired', gone), /last word/],
    [
      'an order that is given twice',
      () =>
        withFirst(
          'hold.matured',
          changed((body) => ({ ...body, orderSequence: 1 })),
        ),
      /has the sequence 1/,
    ],
    ['an alert that is missing', () => withFirst('alert.requested', gone), /alerts/],
  ])('find %s', (_what, damaged, finding) => {
    expect(check({ chains: damaged() }).join('\n')).toMatch(finding);
  });

  it('find a chain that breaks', () => {
    const [chain, entries] = [...good.chains].find(([, of]) => of.length > 5) ?? [0, []];
    const broken: readonly SealedEntry[] = [...entries.slice(0, 2), ...entries.slice(3)];
    const chains = new Map([...good.chains, [chain, broken]]);
    expect(check({ chains }).join('\n')).toMatch(`chain ${chain}: gap at 4`);
  });

  it('find messages that are missing, out of order or not the journal’s', () => {
    const { published } = good;
    const decided = published.findIndex(({ topic }) => topic === 'risk.decisions');
    const first = published[decided];
    const lane = published.filter(
      ({ topic, partition }) => topic === first?.topic && partition === first.partition,
    );
    const rest = published.filter((message) => !lane.includes(message));
    expect(lane.length).toBeGreaterThan(2);
    expect(check({ published: published.toSpliced(decided, 1) }).join()).toMatch('messages');
    expect(check({ published: [...rest, ...lane.toReversed()] }).join()).toMatch('messages');
    const other = published.map((message, index) =>
      index === decided ? { ...message, value: '{}' } : message,
    );
    expect(check({ published: other }).join()).toMatch('is not the journal');
    // A repeat is what at least once allows.
    expect(check({ published: [...published, ...lane] })).toEqual([]);
  });

  it('find a record that nobody read', () => {
    const { inputs } = good;
    const last = inputs.at(-1);
    if (last === undefined) throw new Error('the stream is empty');
    const more = [...inputs, { ...last, offset: last.offset + 1, kind: 'ignored' as const }];
    expect(check({ inputs: more }).join()).toMatch('consumed, of');
  });
});
