/** Bars with their numbers, drawn as SVG: readable in black and white, and on paper. */
import { escapeHtml } from './html.ts';

export interface Bars {
  readonly label: string;
  /** One bar each, side by side. */
  readonly values: readonly number[];
}

const WIDTH = 900;
const HEIGHT = 180;
const LEFT = 10;
const BASE = HEIGHT - 24;
const TOP = 18;
const COLOURS = ['#2f6fde', '#9aa5b4'] as const;

/** SVG of the groups, from left to right, with the number over each bar that is not nothing. */
export function barChart(groups: readonly Bars[]): string {
  const most = Math.max(1, ...groups.flatMap(({ values }) => values));
  const slot = (WIDTH - 2 * LEFT) / Math.max(1, groups.length);
  const drawn = groups.map(({ label, values }, index) => {
    const left = LEFT + index * slot;
    const width = Math.min(40, (slot * 0.8) / values.length);
    const start = left + (slot - width * values.length) / 2;
    const bars = values.map((value, at) => {
      const height = ((BASE - TOP) * value) / most;
      const x = start + at * width;
      const y = BASE - height;
      const number =
        value === 0
          ? ''
          : `<text x="${round(x + width / 2)}" y="${round(y - 4)}" text-anchor="middle">${value}</text>`;
      return `<rect x="${round(x)}" y="${round(y)}" width="${round(width - 1)}" height="${round(height)}" fill="${COLOURS[at % 2]}"/>${number}`;
    });
    return `${bars.join('')}<text x="${round(left + slot / 2)}" y="${HEIGHT - 8}" text-anchor="middle">${escapeHtml(label)}</text>`;
  });
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img"><line x1="${LEFT}" y1="${BASE}" x2="${WIDTH - LEFT}" y2="${BASE}" stroke="#9aa5b4"/>
${drawn.join('\n')}</svg>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
