/** A class data archive of the broker, made by one rehearsal run: it cuts the start from some 4 s to 1.3 s. */
import { spawn } from 'node:child_process';
import { copyFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KafkaJars } from './kafka-fetch.ts';
import { brokerArguments } from './kafka-process.ts';
import { freePorts, waitUntilReady } from './kafka-ready.ts';
import { brokerProperties } from './kafka-settings.ts';
import { formatStorage } from './kafka-storage.ts';

const REHEARSAL_MS = 60_000;

/** Writes the archive. False when that did not work: the broker starts without one, so it is no reason to give up. */
export async function archiveClasses(jars: KafkaJars, archive: string): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'lengjing-kafka-'));
  try {
    const [port = 0, controllerPort = 0] = await freePorts(2);
    const settings = { data: join(folder, 'data'), port, controllerPort };
    await formatStorage(jars, settings);
    const properties = join(folder, 'server.properties');
    await writeFile(properties, brokerProperties(settings));
    const unfinished = join(folder, 'kafka.jsa');
    const broker = spawn(
      jars.java,
      [`-XX:ArchiveClassesAtExit=${unfinished}`, ...brokerArguments(jars, properties)],
      { stdio: 'ignore', timeout: REHEARSAL_MS, killSignal: 'SIGKILL' },
    );
    let over = false;
    const ended = new Promise<void>((resolve) => {
      const end = (): void => {
        over = true;
        resolve();
      };
      broker.once('exit', end);
      broker.once('error', end);
    });
    await waitUntilReady(port, () => over, REHEARSAL_MS);
    broker.kill('SIGTERM');
    await ended;
    // Beside the target first: the temporary folder may be on another disk, and a rename must be atomic.
    await copyBeside(unfinished, archive);
    return true;
  } catch {
    return false;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function copyBeside(from: string, to: string): Promise<void> {
  const unfinished = `${to}.${process.pid}`;
  await copyFile(from, unfinished);
  await rename(unfinished, to);
}
