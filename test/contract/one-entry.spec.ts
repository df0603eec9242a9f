/** Every state change leaves exactly one entry, whoever makes it: topic, clock, person, auditor (DESIGN, property 4). */
import { readFileSync, readdirSync } from 'node:fs';
import { afterAll, describe, expect, it } from '@jest/globals';
import {
  approveExport,
  changeHold,
  endDueHolds,
  endQuiet,
  exportIdOf,
  introduceKeys,
  quietPayee,
  requestExport,
  type HoldRow,
} from '#application';
import { NODE_HASHING } from '#config';
import { defaultPolicy } from '#contracts';
import type { HoldCommand, SealedEntry } from '#domain';
import { makeMemoryStore, readJournal, rehearse, rehearsalSettings } from '#testing';
import { RANGE, SIGNER, bundleOf, fill, removeBundles, sealerOf } from './audit-journal.ts';
import { HOUR, MINUTE, T0, hold } from './samples.ts';

afterAll(removeBundles);

describe('a run of the whole engine, with answers, commands and the clock', () => {
  it.each([4, 8, 12, 16])('seed %d: as many entries as changes', async (seed) => {
    const { run, findings } = await rehearse(seed);
    expect(findings).toEqual([]);
    const { decisions, holds, refusals } = readJournal(run.chains);
    const orders = (rows: readonly HoldRow[]): number =>
      rows.reduce((sum, row) => sum + row.orderSequence, 0);
    // Each order of a hold is numbered: as many entries as numbers, and each number once.
    expect(holds).toHaveLength(orders(run.holds));
    expect(new Set(holds.map(({ body }) => `${body.holdId} ${body.orderSequence}`)).size).toBe(
      holds.length,
    );
    const subjects = Map.groupBy(
      decisions,
      ({ subject }) => `${subject.source} ${subject.kind} ${subject.id}`,
    );
    for (const ofSubject of subjects.values()) {
      expect(ofSubject.map(({ body }) => body.sequence)).toEqual(ofSubject.map((_, at) => at + 1));
    }
    expect(
      new Set(refusals.map(({ chain, body }) => `${chain} ${body.topic} ${body.offset}`)).size,
    ).toBe(refusals.length);
    expect(rehearsalSettings().policy.digest).toBe(decisions[0]?.body.policy.digest);
  });
});

function deskAt(at: number) {
  const stores = makeMemoryStore(() => at);
  const clock = { now: () => at };
  const common = { unitOfWork: stores.unitOfWork, journal: stores.journalStore, clock };
  const holdDeps = { ...common, holds: stores.holdStore, policy: () => defaultPolicy() };
  const auditDeps = { ...common, reader: stores.entryReader };
  const entries = async (): Promise<readonly SealedEntry[]> =>
    (
      await Promise.all([-1, 0, 1].map((chain) => stores.journalStore.readAfter(chain, 0, 10_000)))
    ).flat();
  return { stores, holdDeps, auditDeps, entries };
}

describe('a person’s command to a hold', () => {
  const at = T0 + MINUTE;
  const open = (): HoldRow =>
    hold({
      tier: 'T2',
      partition: 0,
      placedAt: T0,
      dueAt: T0 + 15 * MINUTE,
      ceilingAt: T0 + 72 * HOUR,
    });
  const commands: readonly (readonly [string, HoldCommand])[] = [
    [
      'hold.released',
      {
        type: 'release',
        actor: 'analyst',
        reason: 'verified',
        secondPerson: false,
        contactRecorded: false,
      },
    ],
    ['hold.cancelled', { type: 'cancel', actor: 'analyst', reason: 'scam_confirmed' }],
    ['hold.cancelled', { type: 'cancel', actor: 'payer', reason: 'payer_cancelled' }],
  ];

  it.each(commands)('%s: one entry, and none when it is refused', async (type, command) => {
    const { stores, holdDeps, entries } = deskAt(at);
    const row = open();
    await stores.unitOfWork.run((tx) => stores.holdStore.save(tx, [row]));
    const change = () => changeHold(holdDeps, { holdId: row.holdId, command, by: 'analyst-1' });
    expect(await change()).toMatchObject({ ok: true });
    expect((await entries()).map((entry) => entry.type)).toEqual([type]);
    expect(await change()).toMatchObject({ ok: false, code: 'hold_ended' });
    expect(await entries()).toHaveLength(1);
  });

  it('the clock: one entry for each hold that it moves, none for the others', async () => {
    const { stores, holdDeps, entries } = deskAt(T0 + 20 * MINUTE);
    const rows = [open(), open(), { ...open(), dueAt: T0 + HOUR }];
    await stores.unitOfWork.run((tx) => stores.holdStore.save(tx, rows));
    expect(await endDueHolds(holdDeps, 10)).toBe(2);
    expect(await endDueHolds(holdDeps, 10)).toBe(0);
    expect((await entries()).map((entry) => entry.type)).toEqual(['hold.matured', 'hold.matured']);
  });
});

describe('vouching for a payee', () => {
  it('leaves one entry when it begins and one when it ends, and none when it is refused', async () => {
    const at = T0 + MINUTE;
    const { stores, holdDeps, entries } = deskAt(at);
    await stores.engineStore.claim('engine', [0, 1]);
    const { unitOfWork, journal, clock } = holdDeps;
    const deps = { unitOfWork, journal, clock, quiets: stores.quietStore, hashing: NODE_HASHING };
    const desk = { ...deps, partitionOf: () => 1 };
    const asked = { payerId: 'acct-1', payeeId: 'card-1', reason: 'rent, contract seen', by: 'a' };
    expect(await quietPayee(desk, { ...asked, until: at - 1 })).toMatchObject({ ok: false });
    const result = await quietPayee(desk, { ...asked, until: at + 24 * HOUR });
    if (!result.ok) throw new Error(result.code);
    const end = () =>
      endQuiet(desk, { quietId: result.quiet.quietId, reason: 'moved out', by: 'b' });
    expect(await end()).toMatchObject({ ok: true });
    expect(await end()).toMatchObject({ ok: false });
    const types = (await entries()).map(({ chain, type }) => `${chain} ${type}`);
    expect(types).toEqual(['1 payee.quieted', '1 payee.quiet-ended']);
  });
});

describe('what auditors and operators do to the journal', () => {
  it('leaves one entry each, and none when it is refused', async () => {
    const { stores, auditDeps, entries } = deskAt(T0 + 2 * HOUR);
    const asked = { ...RANGE, mask: 'open', disclosed: ['payer'] } as const;
    const exportId = exportIdOf(asked, NODE_HASHING);
    await fill(stores, 1);
    const before = (await entries()).length;
    const steps: readonly (readonly [string | undefined, () => Promise<unknown>])[] = [
      ['keys.introduced', () => introduceKeys({ ...auditDeps, signer: SIGNER })],
      [undefined, () => introduceKeys({ ...auditDeps, signer: SIGNER })],
      [undefined, () => sealerOf(stores).sealDue()],
      ['export.requested', () => requestExport(auditDeps, { ...asked, exportId })],
      [undefined, () => approveExport(auditDeps, exportId, asked.by)],
      [undefined, () => approveExport(auditDeps, 'nobody-asked', 'supervisor')],
      ['export.approved', () => approveExport(auditDeps, exportId, 'supervisor')],
      ['export.made', () => bundleOf(stores, asked)],
    ];
    const written: string[] = [];
    for (const [type, step] of steps) {
      await step();
      if (type !== undefined) written.push(type);
      const types = (await entries()).filter(({ chain }) => chain === -1).map((one) => one.type);
      expect(types).toEqual(written);
    }
    expect(await entries()).toHaveLength(before + written.length);
  });
});

describe('the source', () => {
  const sources = ['apps', 'libs', 'test'].flatMap(filesIn);
  const isSpec = (path: string): boolean => path.endsWith('.spec.ts') || path.startsWith('test/');
  const specs = sources.filter(isSpec).map((path) => readFileSync(path, 'utf8'));

  it('appends to the journal only in use cases that a spec calls by name', () => {
    const unwalked = sources
      .filter((path) => !isSpec(path) && !path.startsWith('libs/testing/'))
      .filter((path) => /\bjournal(Store)?\s*\.append\(/.test(readFileSync(path, 'utf8')))
      .filter((path) => {
        const text = readFileSync(path, 'utf8');
        const names = [...text.matchAll(/^export (?:async )?(?:function|class) (\w+)/gm)];
        return !names.some(([, name = '']) => specs.some((spec) => spec.includes(`${name}(`)));
      });
    expect(unwalked).toEqual([]);
  });
});

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && one.name.endsWith('.ts'))
    .map((one) => `${one.parentPath}/${one.name}`)
    .filter((path) => !path.includes('node_modules'));
}
