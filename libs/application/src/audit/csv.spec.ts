/** CSV cells: RFC 4180 by a reader of our own here, no formulas, rare characters kept (REGULATION §3). */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { csvCell, csvLine } from './csv.ts';

/** One record, by the letter of RFC 4180 §2. */
function readLine(line: string): string[] {
  const cells: string[] = [];
  let at = 0;
  while (at <= line.length) {
    if (line[at] === '"') {
      let text = '';
      for (at += 1; !(line[at] === '"' && line[at + 1] !== '"'); at += 1) {
        if (line[at] === '"') at += 1;
        text += line[at];
      }
      cells.push(text);
      at += 2;
    } else {
      const end = /[,\r]|$/.exec(line.slice(at))?.index ?? 0;
      cells.push(line.slice(at, at + end));
      at += end + 1;
    }
    if (line.startsWith('\r\n', at - 1)) return cells;
  }
  return cells;
}

describe('a cell', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+86 138', "'+86 138"],
    ['-cmd', "'-cmd"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', `"'\r=1"`],
    [' =1', "' =1"],
    ['\u00A0=1', "'\u00A0=1"],
    ['＝1', "'＝1"],
    ['-0.5', '-0.5'],
    ['-12', '-12'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['𠮷野𡈽', '𠮷野𡈽'],
    ['㐂·阿卜杜拉', '㐂·阿卜杜拉'],
  ])('%j is written %j', (text, written) => {
    expect(csvCell(text)).toBe(written);
  });

  it('is empty for nothing, and a number stays one', () => {
    expect(csvLine([undefined, -3, 'x'])).toBe(',-3,x\r\n');
  });

  it('comes back as it was, whatever is in it', () => {
    const cell = fc.string({ unit: 'binary', maxLength: 12 });
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 4 }), (cells) => {
        const back = readLine(csvLine(cells));
        const plain = back.map((text, at) => (text === `'${cells[at]}` ? text.slice(1) : text));
        expect(plain).toEqual(cells);
      }),
      { numRuns: 100, seed: 4180 },
    );
  });
});
