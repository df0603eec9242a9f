/** What may be logged: a closed list of fields, none of which says who somebody is, what they typed or what they own. */
import type { EntryType, HoldEnd, InputTopic, Outcome, RefusalCode, Tier } from '#domain';

/** Add a field here, with its kind in `FIELD_KINDS`, only when it can never hold a personal value, a code or a secret. */
export interface LogFields {
  /** The part of the program that speaks: `publisher`, `engine`, … */
  readonly component?: string;
  readonly topic?: InputTopic | (string & {});
  readonly partition?: number;
  readonly partitions?: readonly number[];
  readonly offset?: number;
  readonly chain?: number;
  readonly sequence?: number;
  readonly epoch?: number;
  readonly lag?: number;
  readonly count?: number;
  readonly limit?: number;
  readonly attempt?: number;
  readonly attempts?: number;
  readonly durationMs?: number;
  readonly delayMs?: number;
  readonly tier?: Tier;
  readonly outcome?: Outcome;
  readonly end?: HoldEnd;
  readonly refusal?: RefusalCode;
  readonly entryType?: EntryType;
  /** Follows from the subject by SHA-1 (CONTRACT): tells nothing to who does not know the subject already. */
  readonly holdId?: string;
  readonly decisionId?: string;
  readonly policyId?: string;
  readonly policyVersion?: string;
  readonly version?: string;
  readonly host?: string;
  readonly port?: number;
  readonly signal?: string;
  readonly state?: string;
  readonly route?: string;
  readonly method?: string;
  readonly status?: number;
  /** The name of a machine client, never a person's. */
  readonly client?: string;
  /** Told by its class, and by its message only where the message is ours. */
  readonly error?: unknown;
}

type Kind = 'text' | 'number' | 'numbers' | 'error';

/** Known at run time too: what is not listed here is not written, whatever the types were told. */
export const FIELD_KINDS: Readonly<Record<keyof LogFields, Kind>> = {
  component: 'text',
  topic: 'text',
  partition: 'number',
  partitions: 'numbers',
  offset: 'number',
  chain: 'number',
  sequence: 'number',
  epoch: 'number',
  lag: 'number',
  count: 'number',
  limit: 'number',
  attempt: 'number',
  attempts: 'number',
  durationMs: 'number',
  delayMs: 'number',
  tier: 'text',
  outcome: 'text',
  end: 'text',
  refusal: 'text',
  entryType: 'text',
  holdId: 'text',
  decisionId: 'text',
  policyId: 'text',
  policyVersion: 'text',
  version: 'text',
  host: 'text',
  port: 'number',
  signal: 'text',
  state: 'text',
  route: 'text',
  method: 'text',
  status: 'number',
  client: 'text',
  error: 'error',
};

const NUMBERS_MAX = 64;
/** Names and ids of ours: no spaces, no quotes, no letters beyond ASCII, so a sentence or a remark does not pass. */
const PLAIN_TEXT = /^[\w.:/[\]-]{1,100}$/;

type Written = string | number | readonly number[] | { readonly [key: string]: string };

/** The fields as they are written: unlisted names are gone, and values that are not of the listed kind are not told. */
export function writtenFields(fields: LogFields): Readonly<Record<string, Written>> {
  const written: Record<string, Written> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || !isFieldName(name)) continue;
    written[name] = writtenValue(FIELD_KINDS[name], value);
  }
  return written;
}

function isFieldName(name: string): name is keyof LogFields {
  return Object.hasOwn(FIELD_KINDS, name);
}

function writtenValue(kind: Kind, value: unknown): Written {
  switch (kind) {
    case 'text':
      return typeof value === 'string' && PLAIN_TEXT.test(value) ? value : '[not told]';
    case 'number':
      return typeof value === 'number' ? value : '[not told]';
    case 'numbers':
      return Array.isArray(value)
        ? value.slice(0, NUMBERS_MAX).filter((one) => typeof one === 'number')
        : '[not told]';
    case 'error':
      return writtenError(value);
  }
}

/** Errors whose messages this project writes itself, without values (STYLE, Errors). */
const OWN_ERRORS: ReadonlySet<string> = new Set([
  'TransientFault',
  'PartitionsFenced',
  'InvariantBroken',
  'ConfigRefused',
]);
const STACK_LINES = 12;

/**
 * Class, code and where it happened. The message only of our own errors: what a library throws may quote what it was given, as
 * JSON.parse and PostgreSQL do.
 */
export function writtenError(error: unknown): { readonly [key: string]: string } {
  if (typeof error !== 'object' || error === null) return { name: `thrown ${typeof error}` };
  const [name, code, message, stack] = ['name', 'code', 'message', 'stack'].map((key) => {
    const value: unknown = Reflect.get(error, key);
    return typeof value === 'string' ? value : undefined;
  });
  const known = name !== undefined && PLAIN_TEXT.test(name) ? name : 'Error';
  const frames = framesOf(stack ?? '', message ?? '');
  return {
    name: known,
    ...(code !== undefined && /^\w{1,40}$/.test(code) ? { code } : {}),
    ...(OWN_ERRORS.has(known) && message !== undefined ? { message } : {}),
    ...(frames === '' ? {} : { at: frames }),
  };
}

/** The places in a stack, without the message in front of them, however many lines it has. */
function framesOf(stack: string, message: string): string {
  const start = message === '' ? -1 : stack.indexOf(message);
  const lines = stack.slice(start < 0 ? 0 : start + message.length).split('\n');
  const places = lines.filter((line) => /^ {4}at .*(?::\d+:\d+|<anonymous>|native)\)?$/.test(line));
  return places.slice(0, STACK_LINES).join('\n');
}
