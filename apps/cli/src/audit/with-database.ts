/** Opens the database of `DATABASE_URL` for one verb, and closes it after. */
import { TransientFault } from '#application';
import { openDatabase, type Database } from '#persistence';
import type { CommandContext } from '../command.ts';
import { CommandFailed } from '../usage.ts';

const POOL_SIZE = 4;

/** Throws `CommandFailed` with one line where there is no database, or its schema is another. */
export async function withDatabase<Result>(
  { env }: CommandContext,
  use: (database: Database) => Promise<Result>,
): Promise<Result> {
  const url = env['DATABASE_URL'];
  if (url === undefined || url === '') {
    throw new CommandFailed('DATABASE_URL is not set: the journal is read from the database');
  }
  let database: Database;
  try {
    database = await openDatabase({ url, poolSize: POOL_SIZE, applicationName: 'lengjing-audit' });
    await database.checkSchema();
  } catch (error) {
    throw new CommandFailed(error instanceof Error ? error.message : 'the database is not there');
  }
  try {
    return await use(database);
  } catch (error) {
    if (!(error instanceof TransientFault)) throw error;
    throw new CommandFailed(`${error.message}: try again in a moment`);
  } finally {
    await database.close();
  }
}
