/** `lengjing audit replay`: weighs a journaled decision again, out of the database or out of a bundle. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { decisionBodyOf, weighAgain } from '#application';
import { defaultPolicy } from '#contracts';
import type { DecisionBody, Policy } from '#domain';
import type { CommandContext } from '../command.ts';
import type { Verb } from '../commands/audit.ts';
import { policyOf } from '../policy-file.ts';
import { forEachLine } from '../text-lines.ts';
import { CommandFailed, UsageError } from '../usage.ts';
import { withDatabase } from './with-database.ts';

export const verb: Verb = {
  summary: 'weigh a journaled decision again',
  help: `lengjing audit replay DECISION_ID [--bundle FOLDER] [--policy FILE]…

Weighs the decision's journaled facts under the policy that its digest names and compares outcome, tier, score and reasons.
  --bundle FOLDER   takes the entry from an export instead of the database of DATABASE_URL
  --policy FILE     a policy that may be the one; the policy that comes with the program is always tried`,
  async run(args, context) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { bundle: { type: 'string' }, policy: { type: 'string', multiple: true } },
    });
    const [decisionId, ...more] = positionals;
    if (decisionId === undefined || more.length > 0) {
      throw new UsageError('audit replay needs one decision id');
    }
    const policies: Policy[] = [
      defaultPolicy(),
      ...(values.policy ?? []).map((path) => policyOf(context.fileOf(path))),
    ];
    const body =
      values.bundle === undefined
        ? await fromDatabase(decisionId, context)
        : await fromBundle(decisionId, context.fileOf(values.bundle));
    if (body === undefined) throw new CommandFailed(`there is no decision ${decisionId}`);
    return tell(body, policies);
  },
};

function fromDatabase(id: string, context: CommandContext): Promise<DecisionBody | undefined> {
  return withDatabase(context, async ({ entryReader }) => {
    const entry = await entryReader.decision(id);
    return entry === undefined ? undefined : decisionBodyOf(entry);
  });
}

async function fromBundle(id: string, folder: string): Promise<DecisionBody | undefined> {
  const wanted = `"decisionId":${JSON.stringify(id)}`;
  let found: DecisionBody | undefined;
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.entries.jsonl')) continue;
    await forEachLine(join(folder, name), (line) => {
      if (found !== undefined || !line.includes(wanted)) return undefined;
      const { type, body } = JSON.parse(line) as { type: string; body: DecisionBody };
      if (type === 'decision.made' && body.decisionId === id) found = body;
      return undefined;
    });
  }
  return found;
}

function tell(body: DecisionBody, policies: readonly Policy[]): number {
  const result = weighAgain(body, policies);
  const score = `${(body.score / 10).toFixed(1)} dB`;
  const what = `${body.outcome}, ${body.tier}, ${score}, ${body.reasons.length} reasons`;
  switch (result.kind) {
    case 'identical':
      process.stdout.write(`identical: ${what}, policy ${body.policy.version}\n`);
      return 0;
    case 'different':
      process.stdout.write(`${result.differences.join('\n')}\n`);
      return 1;
    case 'nothing_to_weigh':
      process.stdout.write(
        `nothing to weigh: the input was refused, the fallback decided ${what}\n`,
      );
      return 0;
    case 'policy_missing':
      throw new CommandFailed(
        `it was decided under policy ${body.policy.id} ${result.version} (${result.digest}): give its file with --policy`,
      );
    case 'other_scorer':
      throw new CommandFailed(
        `it was weighed by scorer ${result.scorer}: use the version that has it`,
      );
  }
}
