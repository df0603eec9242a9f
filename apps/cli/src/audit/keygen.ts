/** `lengjing audit keygen`: a key pair for the journal's heads. */
import { makeJournalKey } from '#config';
import type { Verb } from '../commands/audit.ts';
import { UsageError } from '../usage.ts';

export const verb: Verb = {
  summary: 'make a key that signs the journal’s heads',
  help: `lengjing audit keygen NAME

NAME says whose journal it is, like bank.example/journal; every head is signed under it.
Prints the private key on the first line, for LENGJING_JOURNAL_KEYS (or a file, LENGJING_JOURNAL_KEYS_FILE), and the
public key on the second, for auditors. To replace a key, sign with both for a while: one per line.`,
  run(args) {
    const [name, ...more] = args;
    if (name === undefined || more.length > 0) throw new UsageError('audit keygen needs one name');
    let pair;
    try {
      pair = makeJournalKey(name);
    } catch (error) {
      throw new UsageError(error instanceof Error ? error.message : 'the name cannot be used');
    }
    process.stdout.write(`${pair.privateKey}\n${pair.publicKey}\n`);
    return Promise.resolve(0);
  },
};
