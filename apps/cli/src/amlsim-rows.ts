/** AMLSim's transactions as rows: public data that nobody here wrote. */
import { DAY_MS, type Instant } from '#domain';
import { linesOf } from './text-lines.ts';
import { CommandFailed } from './usage.ts';

export interface AmlsimRow {
  readonly from: string;
  readonly to: string;
  readonly value: string;
  readonly step: number;
}

const COLUMNS = 'sourceNodeId,targetNodeId,value,time';

/** At most `limit` rows, in the order of the file. Throws `CommandFailed` with the line that is no row. */
export async function readAmlsim(
  path: string,
  limit = Number.POSITIVE_INFINITY,
): Promise<readonly AmlsimRow[]> {
  const rows: AmlsimRow[] = [];
  let number = 0;
  for await (const lines of linesOf(path)) {
    for (const line of lines) {
      number += 1;
      const text = line.trim();
      if (number === 1 && text !== COLUMNS) throw withoutHeader(path);
      if (number === 1 || text === '') continue;
      rows.push(readRow(text, `${path}:${number}`));
      if (rows.length >= limit) return rows;
    }
  }
  if (number === 0) throw withoutHeader(path);
  return rows;
}

function withoutHeader(path: string): CommandFailed {
  return new CommandFailed(`${path}: the first line must be ${COLUMNS}`);
}

function readRow(text: string, place: string): AmlsimRow {
  const [from = '', to = '', value = '', step = ''] = text.split(',');
  const good =
    /^\d+$/.test(from) && /^\d+$/.test(to) && /^\d+(\.\d+)?$/.test(value) && /^\d+$/.test(step);
  if (!good) throw new CommandFailed(`${place}: not a row of ${COLUMNS}`);
  return { from, to, value, step: Number(step) };
}

/** When each row happens: a step is a day, and its transfers are spread over it in the order of the file. */
export function timesOf(rows: readonly AmlsimRow[], start: Instant): readonly Instant[] {
  const perStep = new Map<number, number>();
  for (const { step } of rows) perStep.set(step, (perStep.get(step) ?? 0) + 1);
  const seen = new Map<number, number>();
  return rows.map(({ step }) => {
    const place = seen.get(step) ?? 0;
    seen.set(step, place + 1);
    return start + step * DAY_MS + Math.floor((place * DAY_MS) / (perStep.get(step) ?? 1));
  });
}
