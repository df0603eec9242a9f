/** Servers of the person's own, named by the environment: looked at before anything is started, and explained when they do not answer. */
import { TransientFault } from '#application';
import { isBroker, isDatabaseUrl } from '#config';
import type { CommandContext } from './command.ts';
import { CommandFailed, UsageError } from './usage.ts';

type Environment = CommandContext['env'];

/** KAFKA_BROKERS, or undefined where it is absent or empty. Throws `UsageError` where it names no brokers. */
export function ownBrokers(env: Environment): readonly string[] | undefined {
  const given = env['KAFKA_BROKERS'];
  if (given === undefined || given === '') return undefined;
  const brokers = given.split(',').map((one) => one.trim());
  if (brokers.every(isBroker)) return brokers;
  throw new UsageError('KAFKA_BROKERS must be host:port, separated by commas');
}

/** DATABASE_URL, or undefined where it is absent or empty. Throws `UsageError`, which never quotes it, where it is no such URL. */
export function ownDatabase(env: Environment): string | undefined {
  const given = env['DATABASE_URL'];
  if (given === undefined || given === '') return undefined;
  if (isDatabaseUrl(given)) return given;
  throw new UsageError('DATABASE_URL must look like postgres://user:password@host:5432/database');
}

/** One line for what a server did; `advice` where it did not answer, which is what a person can mend. */
export function explained(error: unknown, advice: string): CommandFailed {
  if (!(error instanceof Error)) return new CommandFailed(`it failed without a reason: ${advice}`);
  const line = error.message.replaceAll('\n', ' ');
  return new CommandFailed(error instanceof TransientFault ? `${line}: ${advice}` : line);
}
