/** Policy files: checked against the published schema and the rules beyond it, with line numbers for whoever edits them. */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { canonicalJson, type Json, type Policy } from '#domain';
import { policyFaults } from './policy-rules.ts';
import { parsePositioned, pointerTo, type Position } from './positioned-json.ts';

export interface PolicyProblem {
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  /** Dotted, as in `signals.CR1.steps[0].decibans`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

export type PolicyFile =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/** Far more than any policy needs; lists of payees belong into the console's data. */
export const POLICY_BYTES_MAX = 1024 * 1024;

/**
 * The policy of a file's text, deeply frozen, with its digest: SHA-256 in hex of the RFC 8785 canonical JSON of what the file says, so
 * that layout and order do not matter. Otherwise every problem that was found, in the order of the file.
 */
export function readPolicy(text: string): PolicyFile {
  if (Buffer.byteLength(text) > POLICY_BYTES_MAX) {
    return failed([
      { line: 1, column: 1, path: '', message: `is larger than ${POLICY_BYTES_MAX} bytes` },
    ]);
  }
  const parsed = parsePositioned(text);
  if (!parsed.ok) {
    return failed([{ ...parsed.at, path: dotted(parsed.path), message: parsed.message }]);
  }
  const { value, positionOf } = parsed;
  const validate = schemaCheck();
  if (!validate(value)) {
    return failed((validate.errors ?? []).map((error) => schemaProblem(error, positionOf)));
  }
  const content = value as Omit<Policy, 'digest'> & { readonly [name: string]: Json };
  const faults = policyFaults(content);
  if (faults.length > 0) {
    return failed(faults.map((fault) => problemAt(fault.pointer, fault.message, positionOf)));
  }
  const digest = hash('sha256', canonicalJson(content), 'hex');
  return { ok: true, policy: deepFreeze({ ...content, digest }) };
}

let builtIn: Policy | undefined;

/** The policy that comes with the system, `default-policy.json` beside this file. Throws if the file is not as it was published. */
export function defaultPolicy(): Policy {
  if (builtIn === undefined) {
    const file = readPolicy(defaultPolicyText());
    if (!file.ok) {
      const [first] = file.problems;
      throw new Error(`default-policy.json, line ${first?.line}: ${first?.path} ${first?.message}`);
    }
    builtIn = file.policy;
  }
  return builtIn;
}

/** The file as it is published, to start one's own from. */
export function defaultPolicyText(): string {
  return readFileSync(new URL('./default-policy.json', import.meta.url), 'utf8');
}

let compiled: ValidateFunction | undefined;

/** Compiled on first use: only few processes read policies. */
function schemaCheck(): ValidateFunction {
  if (compiled === undefined) {
    const file = new URL('../../schemas/policy.schema.json', import.meta.url);
    const schema = JSON.parse(readFileSync(file, 'utf8')) as object;
    compiled = new Ajv2020({ allErrors: true, strict: true }).compile(schema);
  }
  return compiled;
}

type PositionOf = (pointer: string) => Position;

function schemaProblem(error: ErrorObject, positionOf: PositionOf): PolicyProblem {
  const { instancePath, keyword, params } = error;
  switch (keyword) {
    case 'additionalProperties': {
      const unknown = pointerTo(instancePath, String(params['additionalProperty']));
      return problemAt(unknown, 'is not a key of a policy', positionOf);
    }
    case 'required': {
      const missing = pointerTo(instancePath, String(params['missingProperty']));
      return { ...positionOf(instancePath), path: dotted(missing), message: 'is missing' };
    }
    case 'enum': {
      const allowed = (params['allowedValues'] as readonly string[]).join(', ');
      return problemAt(instancePath, `must be one of ${allowed}`, positionOf);
    }
    case 'uniqueItems': {
      const later = Math.max(Number(params['i']), Number(params['j']));
      const repeated = pointerTo(instancePath, later);
      return problemAt(repeated, 'is there twice', positionOf);
    }
    default: {
      const message = error.message ?? `breaks the schema's ${keyword}`;
      return problemAt(instancePath, message, positionOf);
    }
  }
}

function problemAt(pointer: string, message: string, positionOf: PositionOf): PolicyProblem {
  return { ...positionOf(pointer), path: dotted(pointer), message };
}

function failed(problems: readonly PolicyProblem[]): PolicyFile {
  const inOrder = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
  return { ok: false, problems: inOrder };
}

/** `/signals/CR1/steps/0` → `signals.CR1.steps[0]`. */
export function dotted(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part, i) => (/^[0-9]+$/.test(part) ? `[${part}]` : i === 0 ? part : `.${part}`))
    .join('');
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) deepFreeze(member);
    Object.freeze(value);
  }
  return value;
}
