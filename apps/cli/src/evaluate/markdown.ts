/** Tables and numbers for the report. */
import { intervalText } from './outcomes.ts';
import type { Share } from './statistics.ts';

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  // Words to the left, numbers to the right.
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/** `81.2 % (74.0–87.1)`, or a dash where nothing was tried. */
export function cell(share: Share): string {
  return share.trials === 0 ? '–' : intervalText(share);
}

/** `95/117`. */
export function fraction({ hits, trials }: Share): string {
  return `${hits}/${count(trials)}`;
}

export function per1000({ share, low, high, trials }: Share): string {
  if (trials === 0) return '–';
  const number = (value: number): string => (1_000 * value).toFixed(2);
  return `${number(share)} (${number(low)}–${number(high)})`;
}

export function count(n: number): string {
  return Math.round(n).toLocaleString('en');
}

/** Fen to whole yuan. */
export function yuanText(fen: number): string {
  return `¥${count(fen / 100)}`;
}

export function minutesText(minutes: number): string {
  return minutes < 120 ? `${minutes.toFixed(0)} min` : `${(minutes / 60).toFixed(1)} h`;
}

export function part(of: number, all: number): string {
  return all === 0 ? '–' : `${((100 * of) / all).toFixed(1)} %`;
}
