/** What must be there before the programs start: the schema and the topics. */
import { fileURLToPath } from 'node:url';
import { ensureTopics, readTopicsFile, type KafkaConnection } from '#messaging';
import { openDatabase } from '#persistence';
import { explained } from '../own-servers.ts';

/** The checkout, from the built file and from the source alike. */
export function checkout(): string {
  const own = fileURLToPath(import.meta.url);
  return own.slice(0, own.search(/[\\/](dist[\\/])?apps[\\/]cli[\\/]src[\\/]/));
}

/** Applies the migrations that are missing. Throws `CommandFailed` where the database cannot be reached or refuses. */
export async function migrate(url: string): Promise<void> {
  try {
    const database = await openDatabase({ url, poolSize: 2, applicationName: 'lengjing-prepare' });
    try {
      await database.migrate();
    } finally {
      await database.close();
    }
  } catch (error) {
    throw explained(error, 'start the server of DATABASE_URL, or correct DATABASE_URL');
  }
}

/** Creates the topics of `deploy/topics.yml` that are missing. Throws `CommandFailed` where what is there does not fit. */
export async function createTopics(kafka: KafkaConnection): Promise<void> {
  try {
    await ensureTopics(kafka, await readTopicsFile(`${checkout()}/deploy/topics.yml`));
  } catch (error) {
    throw explained(error, 'start the broker of KAFKA_BROKERS, or correct KAFKA_BROKERS');
  }
}
