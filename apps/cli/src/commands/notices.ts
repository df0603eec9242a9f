/** `lengjing notices lint`: whether texts for payers are fit to be sent, before they are. */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { defaultNotices, payerPageTexts } from '#contracts';
import { lintNotices, lintPageTexts, type NoticeCatalogue } from '#domain';
import type { Command } from '../command.ts';
import { CommandFailed, UsageError } from '../usage.ts';

export const command: Command = {
  summary: 'check the texts that payers read',
  help: `lengjing notices lint [FILE]

Checks every alert template in both languages: money first, one instruction, a number to call, no link, no code, no rule,
no more than two text messages; and what stands on the payer page. FILE is a catalogue to be used instead of the one that
comes with the program. Prints one line for each fault and exits with 1 where there is one.`,
  async run(args, { fileOf }) {
    const { positionals } = parseArgs({ args: [...args], allowPositionals: true });
    const [verb, path, ...more] = positionals;
    if (verb !== 'lint' || more.length > 0) throw new UsageError('notices lint [FILE]');
    const catalogue = path === undefined ? defaultNotices() : await readCatalogue(fileOf(path));
    const faults = [
      ...lintNotices(catalogue),
      ...(path === undefined ? lintPageTexts(payerPageTexts()) : []),
    ];
    for (const fault of faults) process.stdout.write(`${fault}\n`);
    const count = Object.keys(catalogue.templates).length;
    if (faults.length === 0) process.stdout.write(`${count} templates, nothing to mend\n`);
    return faults.length === 0 ? 0 : 1;
  },
};

async function readCatalogue(path: string): Promise<NoticeCatalogue> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new CommandFailed(`${path} cannot be read`);
  });
  const known = defaultNotices();
  let given: Partial<NoticeCatalogue>;
  try {
    given = JSON.parse(text) as Partial<NoticeCatalogue>;
  } catch {
    throw new CommandFailed(`${path} is not JSON`);
  }
  const { templates } = given;
  const missing = Object.keys(known.templates).filter(
    (id) => templates === undefined || !Object.hasOwn(templates, id),
  );
  if (missing.length > 0) throw new CommandFailed(`${path} has no template ${missing.join(', ')}`);
  return { ...known, ...given };
}
