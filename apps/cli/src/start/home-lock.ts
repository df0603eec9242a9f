/** One start per folder: a second one is told by which process the first one runs. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { isAlive } from '#testing';
import { CommandFailed } from '../usage.ts';

export class HomeLock {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Throws `CommandFailed` where another start lives; a lock left by a killed one is taken over. */
  static async take(home: string): Promise<HomeLock> {
    const path = `${home}/start.pid`;
    const known = Number.parseInt(await readFile(path, 'utf8').catch(() => ''), 10);
    if (known > 1 && known !== process.pid && isAlive(known) && (await isOurs(known))) {
      throw new CommandFailed(
        `Lengjing is running here already (process ${known}): end it with Ctrl-C in its terminal first`,
      );
    }
    await writeFile(path, String(process.pid));
    return new HomeLock(path);
  }

  async release(): Promise<void> {
    await rm(this.#path, { force: true });
  }
}

/** Process ids are reused. */
async function isOurs(pid: number): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  return command === undefined ? process.platform !== 'linux' : command.includes('start');
}
