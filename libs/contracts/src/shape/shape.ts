/**
 * Shapes: one description of a piece of JSON from which both its reader and its published JSON Schema follow, so that the two
 * cannot drift apart. A reader checks and converts in one pass and builds only what it knows.
 */
import type { Json } from '#domain';
import { Refused } from './refused.ts';

export type Schema = { readonly [keyword: string]: Json };

export interface Shape<T> {
  /** The domain's value, newly built, or why it was not taken. `undefined` where the value is passed over. */
  readonly read: (value: unknown) => T | Refused;
  readonly schema: Schema;
}

/** A field that may be absent. `null` is not absent: it is a wrong type. */
export interface OptionalShape<T> extends Shape<T> {
  readonly optional: true;
}

export function optional<T>(shape: Shape<T>): OptionalShape<T> {
  return { ...shape, optional: true };
}

type Fields = { readonly [name: string]: Shape<unknown> & { readonly optional?: true } };
type ValueOf<S> = S extends Shape<infer T> ? Exclude<T, undefined> : never;
type OptionalNames<F> = {
  [K in keyof F]: F[K] extends { readonly optional: true } ? K : never;
}[keyof F];

export type ObjectOf<F> = {
  readonly [K in Exclude<keyof F, OptionalNames<F>>]: ValueOf<F[K]>;
} & { readonly [K in OptionalNames<F>]?: ValueOf<F[K]> };

/**
 * An object with these fields; others are ignored. Members of the result stand in the order of their names, so that
 * `JSON.stringify` of it is its canonical JSON (RFC 8785).
 */
export function object<F extends Fields>(fields: F, description?: string): Shape<ObjectOf<F>> {
  const names = Object.keys(fields).sort();
  const members = names.map((name) => fields[name] as Fields[string]);
  const required = names.filter((_, i) => members[i]?.optional !== true);

  function read(value: unknown): ObjectOf<F> | Refused {
    if (!isObject(value)) return new Refused('wrong_type', 'must be an object');
    const result: Record<string, unknown> = {};
    for (let i = 0; i < names.length; i += 1) {
      const name = names[i] as string;
      const member = members[i] as Fields[string];
      const given = value[name];
      if (given === undefined) {
        if (member.optional === true) continue;
        return new Refused('missing_field', 'is missing').under(name);
      }
      const taken = member.read(given);
      if (taken instanceof Refused) return taken.under(name);
      if (taken !== undefined) result[name] = taken;
    }
    return result as ObjectOf<F>;
  }

  return {
    read,
    schema: {
      type: 'object',
      ...(description === undefined ? {} : { description }),
      ...(required.length === 0 ? {} : { required }),
      properties: Object.fromEntries(
        names.map((name, i) => [name, (members[i] as Fields[string]).schema]),
      ),
    },
  };
}

/** A list of at most `max` items. */
export function listOf<T>(item: Shape<T>, max: number): Shape<readonly T[]> {
  function read(value: unknown): readonly T[] | Refused {
    if (!Array.isArray(value)) return new Refused('wrong_type', 'must be a list');
    if (value.length > max) return new Refused('invalid_value', `must have at most ${max} items`);
    const result: T[] = [];
    for (let i = 0; i < value.length; i += 1) {
      const taken = item.read(value[i]);
      if (taken instanceof Refused) return taken.under(String(i));
      result.push(taken);
    }
    return result;
  }
  return { read, schema: { type: 'array', maxItems: max, items: item.schema } };
}

/** Narrows to a JSON object: neither a list nor null. */
export function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
