/** Reads what callers send by the API's own description, or says in one line where it is wrong, without quoting it. */
import { Compile, type Validator } from 'typebox/compile';
import type { Static, TSchema } from 'typebox';
import { Problem } from './problem.ts';

const validators = new WeakMap<TSchema, Validator>();

function validatorOf(schema: TSchema): Validator {
  let validator = validators.get(schema);
  if (validator === undefined) {
    validator = Compile(schema);
    validators.set(schema, validator);
  }
  return validator;
}

/** The body, checked. Members that are not described are refused where the description is closed. */
export function readBody<Schema extends TSchema>(schema: Schema, body: unknown): Static<Schema> {
  return checked(schema, body ?? {}, 'body');
}

/** The query, checked: every parameter once at most, and none that is unknown. */
export function readQuery<Schema extends TSchema>(schema: Schema, query: unknown): Static<Schema> {
  const { properties = {} } = schema as { readonly properties?: object };
  const unknown = Object.keys(query ?? {}).find((name) => !Object.hasOwn(properties, name));
  if (unknown !== undefined) throw bad(`the query has a parameter that this address does not know`);
  return checked(schema, { ...(query as object) }, 'query');
}

function checked<Schema extends TSchema>(
  schema: Schema,
  value: unknown,
  what: string,
): Static<Schema> {
  const validator = validatorOf(schema);
  if (validator.Check(value)) return value as Static<Schema>;
  const [first] = validator.Errors(value);
  const where = first?.instancePath === '' ? what : `${what}${first?.instancePath ?? ''}`;
  throw bad(`${where.replaceAll(/[^\w/.-]/g, '?')} ${first?.message ?? 'is not as described'}`);
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** An id of ours from the path; what cannot be one is not found. */
export function readUuid(
  id: string,
  what: 'case' | 'hold' | 'view' | 'policy' | 'request',
): string {
  if (!UUID.test(id)) throw new Problem(404, `${what}_unknown`, `there is no such ${what}`);
  return id;
}

export function bad(detail: string): Problem {
  return new Problem(400, 'bad_request', detail);
}
