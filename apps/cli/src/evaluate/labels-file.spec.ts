import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readLabels } from './labels-file.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lengjing-labels-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(text: string): ReturnType<typeof readLabels> {
  const path = join(folder, 'labels.jsonl');
  writeFileSync(path, text);
  return readLabels(path);
}

const GOOD = '{"transferId":"a","label":"scam"}';

describe('a file of labels', () => {
  it('is read with blank lines, more members and repeats', async () => {
    const labels = await read(
      `${GOOD}\n\n{"label":"legit","transferId":"b","script":"x"}\n${GOOD}\n`,
    );
    expect([...labels]).toEqual([
      ['a', 'scam'],
      ['b', 'legit'],
    ]);
  });

  it.each([
    ['no JSON', `${GOOD}\n{`, 'line 2: is not JSON'],
    ['a list', '[]', 'line 1: must be'],
    ['null', 'null', 'line 1: must be'],
    ['another label', '{"transferId":"a","label":"SCAM"}', 'line 1: must be'],
    ['a number as id', '{"transferId":1,"label":"scam"}', 'line 1: must be'],
    [
      'a contradiction',
      `${GOOD}\n{"transferId":"a","label":"legit"}`,
      'line 2: this transfer has the other',
    ],
  ])('is refused with %s', async (_name, text, wanted) => {
    await expect(read(text)).rejects.toThrow(wanted);
  });

  it('must be there', async () => {
    await expect(readLabels(join(folder, 'none'))).rejects.toThrow('cannot be read');
  });
});
