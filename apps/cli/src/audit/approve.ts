/** `lengjing audit approve`: the second person's yes to an unmasked export. */
import { parseArgs } from 'node:util';
import { approveExport } from '#application';
import { SYSTEM_CLOCK } from '#config';
import type { Verb } from '../commands/audit.ts';
import { CommandFailed, UsageError } from '../usage.ts';
import { withDatabase } from './with-database.ts';

export const verb: Verb = {
  summary: 'the second person’s yes to an unmasked export',
  help: `lengjing audit approve EXPORT_ID --by NAME

NAME must be another person than who asked for it; both are journaled. Reads DATABASE_URL. Whoever can read the database needs
no approval to read it: what this gives is the record, and two names in it. Over the API both persons are authenticated.`,
  async run(args, context) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { by: { type: 'string' } },
    });
    const [exportId] = positionals;
    const { by } = values;
    if (exportId === undefined || positionals.length > 1 || by === undefined) {
      throw new UsageError('audit approve needs an export id and --by NAME');
    }
    return withDatabase(context, async (database) => {
      const deps = {
        unitOfWork: database.unitOfWork,
        journal: database.journalStore,
        reader: database.entryReader,
        clock: SYSTEM_CLOCK,
      };
      const result = await approveExport(deps, exportId, by);
      if (result.ok) {
        process.stdout.write(`export ${exportId} is approved by ${by}, for seven days\n`);
        return 0;
      }
      throw new CommandFailed(
        result.code === 'export_unknown'
          ? `nobody asked for an export ${exportId}`
          : 'an export is approved by another person than who asks for it',
      );
    });
  },
};
