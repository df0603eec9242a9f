/** What a place in a policy file means, in words: the published schema's descriptions, and the signals' own. */
import { readFileSync } from 'node:fs';
import { SIGNALS } from '#domain';

interface SchemaNode {
  readonly description?: string;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly oneOf?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly $defs?: Readonly<Record<string, SchemaNode>>;
}

let schema: SchemaNode | undefined;

function schemaRoot(): SchemaNode {
  schema ??= JSON.parse(
    readFileSync(new URL('../../schemas/policy.schema.json', import.meta.url), 'utf8'),
  ) as SchemaNode;
  return schema;
}

/**
 * The words for a JSON pointer; empty for a place that the schema does not describe. A place inside a signal begins with what the signal
 * sees.
 */
export function policyWords(pointer: string): string {
  const parts = pointer.split('/').slice(1);
  let node: SchemaNode | undefined = schemaRoot();
  let words = '';
  for (const part of parts) {
    node = resolved(stepInto(resolved(node), part));
    words = node?.description ?? words;
  }
  const signal = parts[0] === 'signals' ? signalWords(parts[1]) : '';
  if (signal === '' || words === signal) return words;
  return words === '' ? signal : `${signal}; ${words}`;
}

/** What the signal of a code sees, in English; empty for a code that there is not. */
export function signalWords(code: string | undefined): string {
  return SIGNALS.find((signal) => signal.code === code)?.sees.en ?? '';
}

function stepInto(node: SchemaNode | undefined, part: string): SchemaNode | undefined {
  if (node === undefined) return undefined;
  const { properties, items } = node;
  if (properties !== undefined && Object.hasOwn(properties, part)) return properties[part];
  if (items !== undefined && /^\d+$/.test(part)) return items;
  for (const one of [...(node.oneOf ?? []), ...(node.anyOf ?? [])]) {
    const found = stepInto(resolved(one), part);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A reference with the definition behind it; its own description goes before the definition's. */
function resolved(node: SchemaNode | undefined): SchemaNode | undefined {
  const name = /^#\/\$defs\/(.+)$/.exec(node?.$ref ?? '')?.[1];
  if (node === undefined || name === undefined) return node;
  return { ...schemaRoot().$defs?.[name], ...node };
}
