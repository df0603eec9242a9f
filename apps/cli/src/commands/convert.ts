/** `lengjing convert amlsim`: public AMLSim transfers as `transfer.requested`, data that nobody here wrote. */
import { parseArgs } from 'node:util';
import { readAmlsim, timesOf, type AmlsimRow } from '../amlsim-rows.ts';
import type { Command } from '../command.ts';
import { LineWriter } from '../text-lines.ts';
import { UsageError } from '../usage.ts';

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
    const rows = await readAmlsim(path === '-' ? path : fileOf(path), limit);
    const out = new LineWriter(process.stdout);
    for (const [index, event] of toEvents(rows, start).entries()) {
      await out.write(JSON.stringify({ ...event, id: `amlsim-${index + 1}` }));
    }
    await out.flush();
    return 0;
  },
};

function toEvents(rows: readonly AmlsimRow[], start: number): object[] {
  const times = timesOf(rows, start);
  return rows.map(({ from, to, value }, index) => {
    return {
      specversion: '1.0',
      id: '',
      source: 'https://github.com/IBM/AMLSim',
      type: 'io.lengjing.transfer.requested.v1',
      time: new Date(times[index] ?? start).toISOString(),
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
