/** A case's timeline as a picture: when what happened, to scale, with quiet stretches shortened. */
import type { EntryType } from '#domain';
import { escapeHtml, timeText } from './html.ts';

export interface TimelineMark {
  readonly at: number;
  readonly type: EntryType;
  readonly label: string;
}

const WIDTH = 900;
const MARGIN = 40;
const ROW = 18;
const ROWS = 6;
const AXIS = ROWS * ROW + 24;
/** A gap counts for its logarithm: three minutes and three days both fit on a page. */
const GAP_UNIT_MS = 20_000;

const COLOURS: Partial<Record<EntryType, string>> = {
  'decision.made': '#2f6fde',
  'hold.placed': '#c8471c',
  'hold.extended': '#c8471c',
  'hold.matured': '#c8471c',
  'hold.cancelled': '#8a1538',
  'hold.expired': '#8a1538',
  'hold.released': '#18794e',
  'alert.requested': '#8a6d00',
};

/** SVG of the marks, in order of time. Nothing is drawn where there are none. */
export function timelinePicture(marks: readonly TimelineMark[]): string {
  if (marks.length === 0) return '';
  const places = placesOf(marks.map(({ at }) => at));
  const drawn = marks.map((mark, index) => drawMark(mark, places[index] ?? 0, index));
  const [first, last] = [marks[0], marks.at(-1)];
  return `<svg viewBox="0 0 ${WIDTH} ${AXIS + 34}" role="img" aria-label="时间线 timeline">
<line x1="${MARGIN}" y1="${AXIS}" x2="${WIDTH - MARGIN}" y2="${AXIS}" stroke="#9aa5b4"/>
${drawn.join('\n')}
<text x="${MARGIN}" y="${AXIS + 26}">${timeText(first?.at ?? 0)}</text>
<text x="${WIDTH - MARGIN}" y="${AXIS + 26}" text-anchor="end">${timeText(last?.at ?? 0)}</text>
</svg>`;
}

function placesOf(times: readonly number[]): readonly number[] {
  let length = 0;
  const lengths = times.map((at, index) => {
    const gap = index === 0 ? 0 : Math.max(0, at - (times[index - 1] ?? at));
    length += Math.log2(1 + gap / GAP_UNIT_MS);
    return length;
  });
  const scale = length === 0 ? 0 : (WIDTH - 2 * MARGIN) / length;
  return lengths.map((one) => Math.round((MARGIN + one * scale) * 10) / 10);
}

function drawMark({ type, label, at }: TimelineMark, x: number, index: number): string {
  const colour = COLOURS[type] ?? '#66707f';
  const y = 14 + (index % ROWS) * ROW;
  const anchor = x > WIDTH * 0.8 ? 'end' : 'start';
  const shift = anchor === 'end' ? -5 : 5;
  return `<g><title>${escapeHtml(`${timeText(at)} ${label}`)}</title>
<line x1="${x}" y1="${y}" x2="${x}" y2="${AXIS}" stroke="${colour}" stroke-opacity=".45"/>
<circle cx="${x}" cy="${AXIS}" r="4" fill="${colour}"/>
<text x="${x + shift}" y="${y + 4}" text-anchor="${anchor}">${timeText(at).slice(11, 16)} ${escapeHtml(label)}</text></g>`;
}
