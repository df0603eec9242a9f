/** `lengjing audit`: what an auditor, a regulator or a data protection officer does with the journal. */
import type { Command, CommandContext } from '../command.ts';
import { UsageError } from '../usage.ts';

interface Verb {
  readonly summary: string;
  readonly help: string;
  run(args: readonly string[], context: CommandContext): Promise<number>;
}

const VERBS: Readonly<Record<string, () => Promise<{ verb: Verb }>>> = {
  keygen: () => import('../audit/keygen.ts'),
  export: () => import('../audit/export.ts'),
  approve: () => import('../audit/approve.ts'),
  verify: () => import('../audit/verify.ts'),
  replay: () => import('../audit/replay-decision.ts'),
  report: () => import('../audit/monthly.ts'),
  retention: () => import('../audit/retention.ts'),
  erase: async () => ({ verb: (await import('../audit/persons.ts')).erase }),
  restrict: async () => ({ verb: (await import('../audit/persons.ts')).restrict }),
  unrestrict: async () => ({ verb: (await import('../audit/persons.ts')).unrestrict }),
};

export type { Verb };

export const command: Command = {
  summary: 'export the journal, verify an export, weigh a decision again',
  help: `lengjing audit VERB …, lengjing audit VERB --help

  keygen NAME             makes a key that signs the journal's heads
  export …                a bundle that is verified without us
  approve EXPORT_ID       the second person's yes to an unmasked export
  verify FOLDER           checks a bundle, offline
  replay DECISION_ID      weighs a journaled decision again from its facts and its policy
  report --month M        a month's figures as a page with charts and as a table
  retention               what is kept too long, and what is gone too early
  erase ACCOUNT           deletes everything personal of one payer; the journal verifies as before
  restrict ACCOUNT        keeps it where the law asks for that, and shows it to nobody; unrestrict ends it`,
  async helpOf([name]) {
    return (await loaderOf(name)?.())?.verb.help;
  },
  async run([name, ...rest], context) {
    const load = loaderOf(name);
    if (load === undefined) {
      throw new UsageError(`audit needs a verb: one of ${Object.keys(VERBS).join(', ')}`);
    }
    const { verb } = await load();
    return verb.run(rest, context);
  },
};

function loaderOf(name: string | undefined): (() => Promise<{ verb: Verb }>) | undefined {
  return name !== undefined && Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
}
