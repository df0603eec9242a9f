/** Turns what PostgreSQL and its driver throw into the faults the application knows, without a value in any message. */
import { types } from 'node:util';
import { InvariantBroken, TransientFault } from '#application';

/** SQLSTATE classes and codes after which trying again can help. */
const TRANSIENT_STATES: readonly string[] = [
  '08', // connection
  '40', // serialisation, deadlock
  '53', // out of connections, memory or disk
  '57P', // shut down, crashed, starting
  '57014', // cancelled by a time limit
  '55P03', // lock not available in time
  '25P03', // idle in a transaction for too long: the session was ended
  '25P04', // transaction took too long: the session was ended
  '58', // the server's own input and output
];

/** Node's and the driver's own words for a connection that is not there. */
const CONNECTION_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
]);
const CONNECTION_WORDS =
  /connection terminated|connection error|not queryable|timeout exceeded when trying to connect|query read timeout|connection ended|cannot use a pool after calling end/i;

/** A broken CHECK, NOT NULL, UNIQUE or foreign key, a row hit twice by one statement, or a refusal by one of our triggers. */
const BROKEN_RULE_STATES: ReadonlySet<string> = new Set([
  '23001',
  '23502',
  '23503',
  '23505',
  '23514',
  '21000',
]);

/** What a person set wrong, in words that say where to look. */
const WRONG_SETTINGS: ReadonlyMap<string, string> = new Map([
  ['28P01', 'the server refuses the user or password in DATABASE_URL'],
  ['28000', 'the server lets this user of DATABASE_URL in neither this way nor from here'],
  ['3D000', 'the database named in DATABASE_URL does not exist: create it first'],
]);

/**
 * The fault for whatever a statement threw. Messages name the statement, the SQLSTATE and the constraint; PostgreSQL's own
 * message and detail may quote values and are left out. Errors that are not the database's pass through unchanged.
 */
export function faultOf(error: unknown, statement: string): Error {
  // By its nature and not by `instanceof`: what Node itself throws may come from outside this module's globals.
  if (!types.isNativeError(error)) return new InvariantBroken(`${statement}: threw no error`);
  const code = fieldOf(error, 'code');
  if (code === undefined) {
    return CONNECTION_WORDS.test(error.message)
      ? new TransientFault(`database: connection lost (${statement})`)
      : error;
  }
  if (CONNECTION_CODES.has(code)) {
    return new TransientFault(`database: cannot be reached (${code}, ${statement})`);
  }
  const setting = WRONG_SETTINGS.get(code);
  if (setting !== undefined) return new Error(`database: ${setting} (SQLSTATE ${code})`);
  if (TRANSIENT_STATES.some((state) => code.startsWith(state))) {
    return new TransientFault(`database: SQLSTATE ${code} (${statement})`);
  }
  const constraint = fieldOf(error, 'constraint');
  const where = constraint === undefined ? '' : `, ${constraint}`;
  if (BROKEN_RULE_STATES.has(code)) {
    return new InvariantBroken(`database: a rule is broken (${statement}, ${code}${where})`);
  }
  // Class 42 speaks of tables, columns and syntax, never of values.
  const reason = code.startsWith('42') ? `: ${error.message}` : '';
  return new Error(`database: SQLSTATE ${code} (${statement}${where})${reason}`);
}

function fieldOf(error: Error, name: string): string | undefined {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : undefined;
}
