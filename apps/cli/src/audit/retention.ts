/** `lengjing audit retention`: what is kept too long, and what is gone too early. */
import { RETENTION_CLASSES, retentionReport, type RetentionReport } from '#application';
import { SYSTEM_CLOCK } from '#config';
import { DAY_MS, formatInstant } from '#domain';
import type { Verb } from '../commands/audit.ts';
import { UsageError } from '../usage.ts';
import { withDatabase } from './with-database.ts';

export const verb: Verb = {
  summary: 'what is kept too long, and what is gone too early',
  help: `lengjing audit retention

Counts personal values by retention class: how many, the oldest, how many are overdue for deletion, and how many are gone before their
time without an erasure that says why (exit status 1 where there are any). Reads DATABASE_URL.
${RETENTION_CLASSES.map(({ zh, en, source }) => `  ${zh} ${en}: ${source}`).join('\n')}`,
  async run(args, context) {
    if (args.length > 0) throw new UsageError('audit retention takes no arguments');
    const report = await withDatabase(context, ({ retentionStore }) =>
      retentionReport(retentionStore, SYSTEM_CLOCK.now()),
    );
    process.stdout.write(textOf(report));
    return report.unexplained === 0 ? 0 : 1;
  },
};

function textOf({ classes, erased, unexplained }: RetentionReport): string {
  const lines = classes.map(({ of, entries, oldest, overdue, early }) => {
    const since = oldest === undefined ? '' : `, 最早 since ${formatInstant(oldest).slice(0, 10)}`;
    const years = (ms: number): string => `${Math.round(ms / DAY_MS).toLocaleString('en')} d`;
    return `${of.zh} ${of.en}\n  保存 kept ${entries}${since} · 应保存 to be kept ${years(of.minMs)}–${years(of.maxMs)} · 逾期未删 overdue ${overdue} · 提前缺失 gone early ${early}\n`;
  });
  return `${lines.join('')}有据删除 erased with an entry: ${erased} · 无据缺失 gone without one: ${unexplained}\n`;
}
