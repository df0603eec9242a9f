/** The key that seals the journal of `npm start`: the person's own, or one made at the first start and kept. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeJournalKey } from '#config';

const NAME = 'lengjing.local/journal';

/** For `LENGJING_JOURNAL_KEYS`; the public key, for `audit verify`, is kept beside it in `journal.pub`. */
export async function journalKeys(given: string | undefined, home: string): Promise<string> {
  if (given !== undefined && given !== '') return given;
  const path = join(home, 'journal-key');
  const known = await readFile(path, 'utf8').catch(() => '');
  if (known !== '') return known.trim();
  const { privateKey, publicKey } = makeJournalKey(NAME);
  await writeFile(path, `${privateKey}\n`, { mode: 0o600 });
  await writeFile(join(home, 'journal.pub'), `${publicKey}\n`);
  return privateKey;
}
