/** `lengjing prepare`: schema and topics for a deployment, once before the programs start. */
import { parseArgs } from 'node:util';
import type { Command } from '../command.ts';
import { ownBrokers, ownDatabase } from '../own-servers.ts';
import { createTopics, migrate } from '../start/preparation.ts';
import { UsageError } from '../usage.ts';

export const command: Command = {
  summary: 'apply migrations and create topics, once before the programs start',
  help: `lengjing prepare

Applies the database migrations that are missing (DATABASE_URL) and creates the topics of deploy/topics.yml that are
missing (KAFKA_BROKERS). Safe to run again and from several places at once. The programs refuse to start before it.`,
  async run(args, { env }) {
    parseArgs({ args: [...args], options: {} });
    const [database, brokers] = [ownDatabase(env), ownBrokers(env)];
    if (database === undefined || brokers === undefined) {
      throw new UsageError('prepare needs DATABASE_URL and KAFKA_BROKERS');
    }
    await migrate(database);
    await createTopics({ brokers, clientId: 'lengjing-prepare' });
    process.stdout.write('schema and topics are ready\n');
    return 0;
  },
};
