/** An export that broke off goes on where it stood, with the same bytes; and a folder that is somebody else's is left alone. */
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportIdOf, makeExport, planExport, type ExportRequest } from '#application';
import { NODE_HASHING } from '#config';
import { makeMemoryStore } from '#testing';
import {
  CLOCK,
  RANGE,
  bundleOf,
  exportDeps,
  fill,
  removeBundles,
  sealerOf,
} from './audit-journal.ts';

const OPEN = { ...RANGE, mask: 'open', disclosed: ['payer'] } as const;
const stores = makeMemoryStore(() => CLOCK.now());
const folders: string[] = [];

beforeAll(async () => {
  await fill(stores, 60);
  await sealerOf(stores).sealDue();
});
afterAll(async () => {
  await removeBundles();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lengjing-resume-'));
  folders.push(folder);
  return folder;
}

/** Exports into the folder and gives up after so many entries. */
async function exportInto(
  folder: string,
  asked: Omit<ExportRequest, 'exportId'>,
  giveUpAfter = Infinity,
): Promise<void> {
  let seen = 0;
  const deps = {
    ...exportDeps(stores, folder),
    // Twenty pages between two marks: each chain has one in the middle.
    page: 10,
    onProgress: (entries: number) => {
      seen += entries;
      if (seen > giveUpAfter) throw new Error('the power went out');
    },
  };
  const request = { ...asked, exportId: exportIdOf(asked, NODE_HASHING) };
  const heads = new Map([
    [0, 300],
    [1, 300],
  ]);
  const plans = await planExport({ ...deps, holds: stores.holdStore }, request.query, heads);
  await makeExport(deps, request, plans);
}

describe('an export that broke off', () => {
  it.each([225, 480])('after %d entries ends with the same bytes', async (entries) => {
    const heads = new Map([
      [0, 300],
      [1, 300],
    ]);
    const whole = await bundleOf(stores, OPEN, heads);
    const folder = await emptyFolder();
    await expect(exportInto(folder, OPEN, entries)).rejects.toThrow('power');
    // What was written behind the last mark, half a line included.
    await writeFile(join(folder, 'entries.csv'), 'half a', { flag: 'a' });
    await exportInto(folder, OPEN);
    for (const name of await readdir(whole.folder)) {
      if (name.startsWith('receipt')) continue;
      const [one, other] = await Promise.all(
        [whole.folder, folder].map((each) => readFile(join(each, name))),
      );
      expect([name, one?.equals(other ?? Buffer.alloc(0))]).toEqual([name, true]);
    }
  });

  it('is not gone on with by another export', async () => {
    const folder = await emptyFolder();
    await expect(exportInto(folder, OPEN, 225)).rejects.toThrow('power');
    await expect(exportInto(folder, RANGE)).rejects.toThrow('unfinished export of something else');
  });
});

it('leaves a folder alone that holds anything else', async () => {
  const folder = await emptyFolder();
  await writeFile(join(folder, 'thesis.txt'), 'years of work');
  await expect(exportInto(folder, RANGE)).rejects.toThrow('not empty');
  expect(await readFile(join(folder, 'thesis.txt'), 'utf8')).toBe('years of work');
});
