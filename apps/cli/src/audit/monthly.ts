/** `lengjing audit report`: a month's figures as a page with charts and as a table. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { countMonth, monthBounds, monthlyCsv, monthlyHtml } from '#application';
import { SYSTEM_CLOCK } from '#config';
import type { Verb } from '../commands/audit.ts';
import { Progress } from '../progress.ts';
import { UsageError } from '../usage.ts';
import { withDatabase } from './with-database.ts';

export const verb: Verb = {
  summary: 'a month’s figures as a page with charts and as a table',
  help: `lengjing audit report --month 2026-11 --out FOLDER

Writes lengjing-2026-11.html and .csv: holds, cancels, releases, early releases, expiries, confirmed scams, honest holds, median hold
time, alert delay, appeals, policy versions, refused inputs, and fairness by age band where the feed gives one. A month is one in
Beijing. Reads DATABASE_URL.`,
  async run(args, context) {
    const { values } = parseArgs({
      args: [...args],
      options: { month: { type: 'string' }, out: { type: 'string' } },
    });
    const { month, out } = values;
    if (month === undefined || monthBounds(month) === undefined || out === undefined) {
      throw new UsageError('audit report needs --month like 2026-11 and --out FOLDER');
    }
    const progress = new Progress('entries');
    const report = await withDatabase(context, ({ entryReader, sealStore }) =>
      countMonth({ reader: entryReader, seals: sealStore }, month, (count) => progress.add(count)),
    );
    progress.end();
    const folder = context.fileOf(out);
    await mkdir(folder, { recursive: true });
    const base = join(folder, `lengjing-${month}`);
    await writeFile(`${base}.html`, monthlyHtml(report, SYSTEM_CLOCK.now()));
    await writeFile(`${base}.csv`, monthlyCsv(report));
    process.stdout.write(`${base}.html\n${base}.csv\n`);
    return 0;
  },
};
