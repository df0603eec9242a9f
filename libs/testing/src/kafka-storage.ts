/** The broker's data folder: formatted once, whole or not at all. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { KafkaJars } from './kafka-fetch.ts';
import { classPathArguments } from './kafka-process.ts';
import { type BrokerSettings, brokerProperties } from './kafka-settings.ts';

const run = promisify(execFile);

/**
 * Formats `settings.data` unless that was done before. Formats beside it and renames, so that a killed format leaves
 * nothing behind that looks like a log. Throws one clear line for a folder that is neither empty nor formatted.
 */
export async function formatStorage(jars: KafkaJars, settings: BrokerSettings): Promise<void> {
  const { data } = settings;
  if (await isFormatted(data)) return;
  const unfinished = `${data}.formatting`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  const properties = join(unfinished, 'format.properties');
  await writeFile(properties, brokerProperties({ ...settings, data: unfinished }));
  try {
    const tool = ['kafka.tools.StorageTool', 'format', '-t', clusterId(), '-c', properties];
    await run(jars.java, ['-XX:TieredStopAtLevel=1', ...classPathArguments(jars), ...tool]);
  } catch (error) {
    throw explainFormat(error, data);
  }
  await rm(properties);
  await rm(data, { recursive: true, force: true });
  await rename(unfinished, data);
}

async function isFormatted(data: string): Promise<boolean> {
  const entries = await readdir(data).catch(() => []);
  if (entries.length === 0) return false;
  const formatted = await access(join(data, 'meta.properties')).then(
    () => true,
    () => false,
  );
  if (formatted) return true;
  throw new Error(
    `${data} holds a half-written Kafka data folder (no meta.properties): delete it and start again`,
  );
}

/** A UUID the way Kafka writes it: 22 characters that do not begin with a dash. */
function clusterId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? clusterId() : id;
}

function explainFormat(error: unknown, data: string): Error {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  if (/No space left on device/.test(text)) {
    return new Error(`Kafka's data folder ${data} could not be made: the disk is full`);
  }
  const last = text.trim().split('\n').at(-1) ?? 'no reason given';
  return new Error(`Kafka's data folder ${data} could not be made: ${last}`);
}
