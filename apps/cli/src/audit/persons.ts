/** `lengjing audit erase`, `restrict` and `unrestrict`: what a data protection officer does for one person. */
import { parseArgs } from 'node:util';
import {
  erasePayer,
  restrictPayer,
  unrestrictPayer,
  type ErasureBasis,
  type PersonDeps,
} from '#application';
import { NODE_HASHING, SYSTEM_CLOCK } from '#config';
import { formatInstant } from '#domain';
import type { Database } from '#persistence';
import type { Verb } from '../commands/audit.ts';
import { CommandFailed, UsageError } from '../usage.ts';
import { withDatabase } from './with-database.ts';

const BASES: readonly ErasureBasis[] = ['retention_over', 'order_of_authority', 'not_a_customer'];

interface PersonArguments {
  readonly payerId: string;
  readonly by: string;
  readonly basis: string;
}

function readPerson(verb: string, args: readonly string[]): PersonArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { by: { type: 'string' }, basis: { type: 'string' } },
  });
  const [payerId] = positionals;
  const { by, basis } = values;
  if (payerId === undefined || positionals.length > 1 || by === undefined || basis === undefined) {
    throw new UsageError(`audit ${verb} needs an account, --by NAME and --basis WORD`);
  }
  if (!/^[a-z_]{1,40}$/.test(basis)) {
    throw new UsageError('--basis is a word of small letters and underscores: it is journaled');
  }
  return { payerId, by, basis };
}

function depsOf(database: Database): PersonDeps {
  return {
    unitOfWork: database.unitOfWork,
    journal: database.journalStore,
    persons: database.personStore,
    clock: SYSTEM_CLOCK,
    hashing: NODE_HASHING,
  };
}

export const erase: Verb = {
  summary: 'delete everything personal of one payer',
  help: `lengjing audit erase ACCOUNT --by NAME --basis BASIS

Deletes every personal value of the account: the journal keeps its entries and verifies, and nothing of the person can be read.
  --basis retention_over       the ten years after their last entry are over; refused before
          order_of_authority   a court or an authority orders it
          not_a_customer       they never were one
Refused while money of theirs is held. Where the law still asks for keeping: lengjing audit restrict. Reads DATABASE_URL.
Bundles that were handed out with values disclosed are not in our hands: the exports of the account's chains are in the journal.`,
  async run(args, context) {
    const { payerId, by, basis } = readPerson('erase', args);
    const known = BASES.find((one) => one === basis);
    if (known === undefined) throw new UsageError(`--basis must be one of ${BASES.join(', ')}`);
    return withDatabase(context, async (database) => {
      const result = await erasePayer(depsOf(database), { payerId, by, basis: known });
      if (!result.ok) throw new CommandFailed(refusalText(result));
      process.stdout.write(
        `erased: values of ${result.entries} entries and ${result.rows} other rows (erasure ${result.erasureId})\n`,
      );
      return 0;
    });
  },
};

function refusalText(
  result: Extract<Awaited<ReturnType<typeof erasePayer>>, { ok: false }>,
): string {
  switch (result.code) {
    case 'payer_unknown':
      return 'nothing is known of this account';
    case 'hold_open':
      return 'a payment of this account is held: it must end first';
    case 'must_be_kept':
      return `the law asks for keeping until ${formatInstant(result.until ?? 0).slice(0, 10)}: use lengjing audit restrict`;
  }
}

export const restrict: Verb = {
  summary: 'keep what the law asks for, and show it to nobody',
  help: `lengjing audit restrict ACCOUNT --by NAME --basis WORD

Instead of erasing while the law asks for keeping: nothing of the account is shown or disclosed any more, but to an authority
(lengjing audit export --authority REFERENCE). Reads DATABASE_URL.`,
  async run(args, context) {
    const request = readPerson('restrict', args);
    return withDatabase(context, async (database) => {
      const result = await restrictPayer(depsOf(database), request);
      if (!result.ok) throw new CommandFailed('nothing is known of this account');
      process.stdout.write(`restricted (${result.restrictionId})\n`);
      return 0;
    });
  },
};

export const unrestrict: Verb = {
  summary: 'end a restriction',
  help: `lengjing audit unrestrict ACCOUNT --by NAME --basis WORD`,
  async run(args, context) {
    const request = readPerson('unrestrict', args);
    return withDatabase(context, async (database) => {
      if (!(await unrestrictPayer(depsOf(database), request))) {
        throw new CommandFailed('this account is not restricted');
      }
      process.stdout.write('no longer restricted\n');
      return 0;
    });
  },
};
