import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { explainMaven, fetchKafka } from './kafka-fetch.ts';

describe('fetching Kafka', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lengjing-fetch-'));
    await mkdir(join(folder, 'deploy'));
    await writeFile(join(folder, 'deploy', 'pom.xml'), '<project/>');
    await writeFile(join(folder, 'deploy', 'jars.sha256'), '');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** A program that says `text` and ends with `code`. */
  async function program(name: string, text: string, code = 0): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, `#!/bin/sh\ncat >&2 <<'END'\n${text}\nEND\nexit ${code}\n`);
    await chmod(path, 0o755);
    return path;
  }
  const attempt = async (java: string, maven = 'no-such-maven'): Promise<unknown> =>
    fetchKafka({
      directory: join(folder, 'jars'),
      deployment: join(folder, 'deploy'),
      java,
      maven,
    });

  it('says that Java is missing', async () => {
    await expect(attempt('no-such-java')).rejects.toThrow(
      'Java is not installed: Kafka needs Java 17 or newer on the PATH',
    );
  });

  it.each([
    ['openjdk version "11.0.2" 2019-01-15', '11'],
    ['java version "1.8.0_292"', '8'],
    ['no idea', 'unknown'],
  ])('says that Java is too old: %s', async (text, version) => {
    await expect(attempt(await program('java', text))).rejects.toThrow(
      `Java is too old: Kafka needs Java 17 or newer, and the one on the PATH is ${version}`,
    );
  });

  it('says that Maven is missing', async () => {
    const java = await program('java', 'openjdk version "21.0.1" 2023-10-17');
    await expect(attempt(java)).rejects.toThrow(
      /^Maven is not installed: put mvn on the PATH.*KAFKA_BROKERS/,
    );
  });

  it('passes on in one line what Maven says, and leaves nothing behind', async () => {
    const java = await program('java', 'openjdk version "17" 2021-09-14');
    const maven = await program(
      'mvn',
      '[INFO] a\n[ERROR] Something else -> [Help 1]\n[ERROR] more',
      1,
    );
    await expect(attempt(java, maven)).rejects.toThrow('Kafka was not fetched: Something else');
    expect(await readdir(join(folder, 'jars'))).toEqual([]);
  });

  it('refuses jars that are missing or not the pinned ones', async () => {
    const java = await program('java', 'openjdk version "17" 2021-09-14');
    const maven = join(folder, 'mvn');
    const pin = (name: string): string => `${'0'.repeat(64)}  ${name}\n`;
    await writeFile(join(folder, 'deploy', 'jars.sha256'), pin('kafka.jar'));
    await writeFile(maven, `#!/bin/sh\nexit 0\n`);
    await chmod(maven, 0o755);
    await expect(attempt(java, maven)).rejects.toThrow('kafka.jar did not come; try again');
    const copy =
      'for one in "$@"; do case $one in -DoutputDirectory=*) echo jar > "${one#*=}/kafka.jar";; esac; done';
    await writeFile(maven, `#!/bin/sh\n${copy}\n`);
    await expect(attempt(java, maven)).rejects.toThrow(
      'kafka.jar is not the file that deploy/kafka/jars.sha256 pins',
    );
    expect(await readdir(join(folder, 'jars'))).toEqual([]);
  });

  it('says that the folder cannot be written', async () => {
    const java = await program('java', 'openjdk version "17" 2021-09-14');
    await writeFile(join(folder, 'jars'), 'a file in the way');
    await expect(attempt(java)).rejects.toThrow(/cannot be kept in .*: make that folder writable/);
  });
});

describe('one line out of Maven’s many', () => {
  it.each([
    [
      '[ERROR] Could not transfer artifact a:b from/to central: Network is unreachable',
      'Maven cannot reach its repository',
    ],
    [
      '[ERROR] Unknown host some.mirror: Temporary failure in name resolution',
      'Maven cannot reach its repository',
    ],
    ['[ERROR] Connect to x failed: Connection refused', 'Maven cannot reach its repository'],
    [
      '[WARNING] x\n[ERROR] Checksum validation failed, expected 1 but is 2',
      'does not match its checksum',
    ],
    ['java.io.IOException: No space left on device', 'the disk is full; free 200 MB for jars'],
    [
      '[ERROR] \n[ERROR] Could not find artifact a:b:1 -> [Help 1]',
      'Kafka was not fetched: Could not find artifact a:b:1',
    ],
    [
      'failed: Malformed input or input contains unmappable characters: /home/??',
      'set LC_ALL=C.UTF-8',
    ],
    ['', 'Maven ended without saying why'],
  ])('%s', (output, line) => {
    const said = explainMaven(output, 'jars');
    expect(said).toContain(line);
    expect(said).not.toContain('\n');
  });
});
