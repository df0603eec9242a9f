/** `lengjing convert amlsim`: public AMLSim transfers as `transfer.requested`, data that nobody here wrote. */
import { parseArgs } from 'node:util';
import type { Command } from '../command.ts';
import { LineWriter, linesOf } from '../text-lines.ts';
import { CommandFailed, UsageError } from '../usage.ts';

export const command: Command = {
  summary: 'turn public transfer data (AMLSim) into events',
  help: `lengjing convert amlsim [--limit N] [--start TIME] FILE

Reads AMLSim's transactions (CSV with the columns sourceNodeId,targetNodeId,value,time; .gz too) and prints
transfer.requested events as JSON Lines. What AMLSim does not say is left out: no payee history, no codes, no
draws. A day-step becomes a day; transfers of a step are spread over it in the order of the file.

  --limit N      at most so many transfers
  --start TIME   RFC 3339 time of step 0 (default 2026-01-01T00:00:00Z)`,
  async run(args, { fileOf }) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { limit: { type: 'string' }, start: { type: 'string' } },
    });
    const [format, path, ...more] = positionals;
    if (format !== 'amlsim' || path === undefined || more.length > 0) {
      throw new UsageError('convert needs a format (amlsim) and one file');
    }
    const limit = values.limit === undefined ? Number.POSITIVE_INFINITY : Number(values.limit);
    const start = Date.parse(values.start ?? '2026-01-01T00:00:00Z');
    if (!(limit >= 1)) throw new UsageError('--limit must be a positive number');
    if (Number.isNaN(start))
      throw new UsageError('--start must be a time like 2026-01-01T00:00:00Z');
    const rows = await readRows(path === '-' ? path : fileOf(path), limit);
    const out = new LineWriter(process.stdout);
    for (const [index, event] of toEvents(rows, start).entries()) {
      await out.write(JSON.stringify({ ...event, id: `amlsim-${index + 1}` }));
    }
    await out.flush();
    return 0;
  },
};

interface Row {
  readonly from: string;
  readonly to: string;
  readonly value: string;
  readonly step: number;
}

const COLUMNS = 'sourceNodeId,targetNodeId,value,time';

async function readRows(path: string, limit: number): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let number = 0;
  for await (const lines of linesOf(path)) {
    for (const line of lines) {
      number += 1;
      const text = line.trim();
      if (number === 1 && text !== COLUMNS) {
        throw new CommandFailed(`${path}: the first line must be ${COLUMNS}`);
      }
      if (number === 1 || text === '') continue;
      rows.push(readRow(text, `${path}:${number}`));
      if (rows.length >= limit) return rows;
    }
  }
  return rows;
}

function readRow(text: string, place: string): Row {
  const [from = '', to = '', value = '', step = ''] = text.split(',');
  const good =
    /^\d+$/.test(from) && /^\d+$/.test(to) && /^\d+(\.\d+)?$/.test(value) && /^\d+$/.test(step);
  if (!good) throw new CommandFailed(`${place}: not a row of ${COLUMNS}`);
  return { from, to, value, step: Number(step) };
}

const DAY_MS = 86_400_000;

function toEvents(rows: readonly Row[], start: number): object[] {
  const perStep = new Map<number, number>();
  for (const { step } of rows) perStep.set(step, (perStep.get(step) ?? 0) + 1);
  const seen = new Map<number, number>();
  return rows.map(({ from, to, value, step }, index) => {
    const place = seen.get(step) ?? 0;
    seen.set(step, place + 1);
    const at = start + step * DAY_MS + Math.floor((place * DAY_MS) / (perStep.get(step) ?? 1));
    return {
      specversion: '1.0',
      id: '',
      source: 'https://github.com/IBM/AMLSim',
      type: 'io.lengjing.transfer.requested.v1',
      time: new Date(at).toISOString(),
      datacontenttype: 'application/json',
      data: {
        transferId: `amlsim-${index + 1}`,
        payer: { accountId: `amlsim-${from}` },
        payee: { accountId: `amlsim-${to}`, kind: 'wallet', ownership: 'other' },
        amount: { currency: 'CNY', value: Number(value).toFixed(2) },
        fundingSource: 'balance',
      },
    };
  });
}
