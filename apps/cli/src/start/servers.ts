/** PostgreSQL and Kafka for a start: the person's own, or local ones under `.lengjing/`. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fetchKafka, startLocalKafka, startLocalPostgres } from '#testing';
import { CommandFailed } from '../usage.ts';
import type { Paper } from './paper.ts';

export interface DatabaseServer {
  readonly url: string;
  stop(): Promise<void>;
}

export interface Broker {
  /** Undefined where the log lives inside the engine. */
  readonly brokers: string | undefined;
  stop(): Promise<void>;
}

const NOTHING_TO_STOP = (): Promise<void> => Promise.resolve();

export async function databaseServer(
  given: string | undefined,
  home: string,
): Promise<DatabaseServer> {
  if (given !== undefined && given !== '') return { url: given, stop: NOTHING_TO_STOP };
  const directory = join(home, 'postgres');
  try {
    return await startLocalPostgres(directory);
  } catch (error) {
    throw failed(error);
  }
}

export interface BrokerRequest {
  readonly given: string | undefined;
  readonly wanted: boolean;
  readonly home: string;
  readonly paper: Paper;
}

export async function broker({ given, wanted, home, paper }: BrokerRequest): Promise<Broker> {
  if (!wanted) return WITHOUT_BROKER;
  if (given !== undefined && given !== '') return { brokers: given, stop: NOTHING_TO_STOP };
  const missing = await whatIsMissing();
  if (missing !== undefined) {
    paper.note(missing);
    return WITHOUT_BROKER;
  }
  try {
    let said = false;
    const jars = await fetchKafka({
      directory: join(home, 'kafka-jars'),
      onProgress: ({ step }) => {
        if (said || step !== 'downloading') return;
        said = true;
        paper.note(
          'Kafka：第一次启动，正在用 Maven 下载  Kafka: first start, fetching it with Maven …',
        );
      },
    });
    const kafka = await startLocalKafka({ jars, directory: join(home, 'kafka') });
    return { brokers: kafka.brokers, stop: () => kafka.stop() };
  } catch (error) {
    throw failed(error);
  }
}

const WITHOUT_BROKER: Broker = { brokers: undefined, stop: NOTHING_TO_STOP };
const JAVA_MIN = 17;

/** One line on what a real broker needs and how to get it; undefined where everything is there. */
async function whatIsMissing(): Promise<string | undefined> {
  const [java, maven] = await Promise.all([
    versionOf('java', ['-version'], /version "(\d+)/),
    versionOf('mvn', ['-v'], /Apache Maven (\d+)/),
  ]);
  const needs: string[] = [];
  if (java === undefined || java < JAVA_MIN) {
    needs.push(`Java ≥ ${JAVA_MIN} (apt-get install default-jre-headless, brew install openjdk)`);
  }
  if (maven === undefined) needs.push('Maven (apt-get install maven, brew install maven)');
  if (needs.length === 0) return undefined;
  return `Kafka 缺少 / Kafka needs ${needs.join(' and ')}; going on with the in-process log instead`;
}

function versionOf(
  command: string,
  args: readonly string[],
  pattern: RegExp,
): Promise<number | undefined> {
  return new Promise((resolve) => {
    execFile(command, [...args], (error, stdout, stderr) => {
      const found = error === null ? pattern.exec(stdout + stderr)?.[1] : undefined;
      resolve(found === undefined ? undefined : Number(found));
    });
  });
}

function failed(error: unknown): CommandFailed {
  return new CommandFailed(error instanceof Error ? error.message : 'a server did not start');
}
