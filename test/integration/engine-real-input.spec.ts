/** Input that nobody here wrote: public transfers through Kafka, each decided once. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { checkRun, readJournal, type RunRecord } from '#testing';
import { describeWithShared, sharedPath } from '../shared.ts';
import { lengjing } from './engine-programs.ts';
import { jsonOf } from './engine-topics.ts';
import { openWorld, type Run, type World } from './engine-world.ts';

const TRANSFERS = 20_000;

describeWithShared('20,000 transfers of AMLSim', () => {
  let folder: string;
  let world: World;
  let run: Run;
  let record: RunRecord;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lengjing-amlsim-'));
    const data = sharedPath('data', 'amlsim-20k-fanin.csv.gz');
    const converted = await lengjing(['convert', 'amlsim', '--limit', String(TRANSFERS), data]);
    expect(converted).toMatchObject({ status: 0, stderr: '' });
    const file = join(folder, 'events.jsonl');
    await writeFile(file, converted.stdout);
    world = await openWorld();
    run = await world.openRun();
    await run.start('risk-engine');
    await world.send(file);
    await run.settle();
    record = await run.record();
  }, 240_000);
  afterAll(async () => {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('give exactly as many first decisions, none lost, none twice', () => {
    const firsts = run.published
      .filter(({ topic }) => topic === 'risk.decisions')
      .map((message) => jsonOf(message) as { sequence: number; subject: { id: string } })
      .filter(({ sequence }) => sequence === 1);
    const asked = Array.from({ length: TRANSFERS }, (_, index) => `amlsim-${index + 1}`);
    expect(firsts).toHaveLength(TRANSFERS);
    expect(new Set(firsts.map(({ subject }) => subject.id))).toEqual(new Set(asked));
  });

  it('match no code: there is none', () => {
    const codes = readJournal(record.chains).decisions.flatMap(({ body }) =>
      body.reasons.map(({ code }) => code),
    );
    expect(codes.filter((code) => /^CD[123]$/.test(code))).toEqual([]);
  });

  it('leave a journal, messages and holds without a fault', () => {
    expect(checkRun(record)).toEqual([]);
  });
});
