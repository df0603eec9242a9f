/** `lengjing reconcile`: what does not agree between the engine and the processor, for the person on duty. */
import { parseArgs } from 'node:util';
import { reconcile, type HoldRow } from '#application';
import { ORDER_OF_STATUS, formatInstant } from '#domain';
import { openDatabase } from '#persistence';
import type { Command } from '../command.ts';
import { UsageError } from '../usage.ts';

const LIMIT = 20;

export const command: Command = {
  summary: 'orders that nobody acknowledged, money asked back, holds past their time',
  help: `lengjing reconcile [--json]

Reads the database (DATABASE_URL) and prints how many orders are unacknowledged, raised or asked back, how many holds are past
their time, and the oldest ${LIMIT} of each. The exit status is 1 where somebody has to look, 0 where nobody has to.`,
  async run(args, { env }) {
    const { values } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean', default: false } },
    });
    const url = env['DATABASE_URL'];
    if (url === undefined) throw new UsageError('reconcile needs DATABASE_URL');
    const database = await openDatabase({
      url,
      poolSize: 2,
      applicationName: 'lengjing-reconcile',
    });
    try {
      await database.checkSchema();
      const stores = { holds: database.holdStore, care: database.careStore };
      const { at, counts, holds } = await reconcile(stores, Date.now(), LIMIT);
      if (values.json) {
        process.stdout.write(`${JSON.stringify({ at: formatInstant(at), counts, holds })}\n`);
      } else {
        process.stdout.write(`${lines(counts, holds).join('\n')}\n`);
      }
      return counts.raised + counts.overdue + counts.appealsOverdue > 0 ? 1 : 0;
    } finally {
      await database.close();
    }
  },
};

type Report = Awaited<ReturnType<typeof reconcile>>;

function lines(counts: Report['counts'], holds: Report['holds']): string[] {
  const told = [
    `${counts.open} holds open; orders: ${counts.unacknowledged} unacknowledged, ${counts.raised} raised; ` +
      `${counts.recalled} payments asked back; ${counts.overdue} holds and ${counts.appealsOverdue} appeals past their time`,
  ];
  for (const [what, rows] of Object.entries(holds)) {
    for (const row of rows) told.push(`  ${what}: ${lineOf(row)}`);
  }
  return told;
}

function lineOf(row: HoldRow): string {
  const { holdId, status, orderSequence, attempt, acknowledged, dueAt } = row;
  const answer =
    acknowledged === undefined
      ? 'never answered'
      : `answered ${acknowledged.result} to ${acknowledged.orderSequence}`;
  const order = `${ORDER_OF_STATUS[status]} ${orderSequence}, attempt ${attempt}`;
  return `${holdId} ${status}, due ${formatInstant(dueAt)}, ${order}, ${answer}`;
}
