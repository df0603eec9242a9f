/** CSV as auditors' tools read it: RFC 4180, and no cell that a spreadsheet would take for a formula. */

/** What a spreadsheet runs: a cell that begins so, whatever blanks stand before it (OWASP, CSV injection). */
const FORMULA = /^[\s\u00A0]*[=+\-@\t\r＝＋－＠]/u;
const QUOTED = /[",\r\n]/;
const NUMBER = /^-?\d+(?:\.\d+)?$/;

/** One cell. What would be run gets an apostrophe in front; numbers stay numbers; every other character is kept. */
export function csvCell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const safe = FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : value;
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One record with its line break, CRLF. */
export function csvLine(cells: readonly (string | number | undefined)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** In front of a file, so that spreadsheets on Chinese systems take it for UTF-8. */
export const CSV_BYTE_ORDER_MARK = '\uFEFF';
