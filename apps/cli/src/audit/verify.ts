/** `lengjing audit verify`: runs the auditor's own file, so that there is one verifier and everybody can read it. */
import { pathToFileURL } from 'node:url';
import type { Verb } from '../commands/audit.ts';
import { checkout } from '../start/preparation.ts';
import { CommandFailed } from '../usage.ts';

interface Verifier {
  main(args: readonly string[], say: (line: string) => void): Promise<number>;
}

export const verb: Verb = {
  summary: 'check a bundle, offline',
  help: `lengjing audit verify --key KEY [--topics] [--seen CHECKPOINT]… FOLDER

The same as: node tools/verify/lengjing-verify.mjs …
  --key KEY          the public key, or a file with one per line
  --topics           also prove that every input record of the range was decided, kept or refused
  --seen CHECKPOINT  a checkpoint kept from before: history since then was only added to`,
  async run(args, { fileOf }) {
    const verifier = await loadVerifier();
    const resolved = args.map((arg, index) =>
      arg.startsWith('-') || isKeyText(args[index - 1], arg) ? arg : fileOf(arg),
    );
    try {
      return await verifier.main(resolved, (line) => process.stdout.write(`${line}\n`));
    } catch (error) {
      throw new CommandFailed(error instanceof Error ? error.message : 'the bundle cannot be read');
    }
  },
};

/** A key may be given as such, in which case it is no path. */
function isKeyText(option: string | undefined, arg: string): boolean {
  return option === '--key' && /\+[\da-f]{8}\+/.test(arg);
}

async function loadVerifier(): Promise<Verifier> {
  const file = `${checkout()}/tools/verify/lengjing-verify.mjs`;
  return (await import(pathToFileURL(file).href)) as Verifier;
}
