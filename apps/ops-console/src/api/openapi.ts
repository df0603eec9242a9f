/** The OpenAPI 3.1 document, from the table of operations: what is described is what is checked. */
import type { TSchema } from 'typebox';
import { OPERATIONS, type Operation } from './operations.ts';
import { ProblemDetails } from './shapes.ts';

type Json = Readonly<Record<string, unknown>>;

const JSON_TYPE = 'application/json';
const PROBLEM_TYPE = 'application/problem+json';

/** A plain JSON value: the description without what TypeBox keeps beside it. */
function plain(schema: TSchema): unknown {
  return JSON.parse(JSON.stringify(schema));
}

const VERSION = '1.0.0';

/** The document as `docs/openapi.json` holds it and `/api/openapi.json` serves it. */
export function openApiText(): string {
  return `${JSON.stringify(openApiDocument(), null, 2)}\n`;
}

/** A complete document. Stable: the same code gives the same text. */
export function openApiDocument(): Json {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [key, operation] of Object.entries(OPERATIONS)) {
    const [method = '', path = ''] = key.split(' ');
    (paths[path] ??= {})[method.toLowerCase()] = operationObject(method, path, operation);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Lengjing operations console',
      version: VERSION,
      description:
        'Staff sign in at /auth/login (OpenID Connect, session cookie, x-csrf-token on everything that changes something); machine ' +
        'clients send a bearer token. Commands take idempotency-key. Lists are paged by nextCursor. Times are RFC 3339 UTC.',
    },
    paths,
    components: {
      schemas: { Problem: plain(ProblemDetails) },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: '__Host-lengjing' },
        bearer: { type: 'http', scheme: 'bearer' },
      },
    },
    security: [{ session: [] }, { bearer: [] }],
  };
}

function operationObject(method: string, path: string, operation: Operation): Json {
  const { summary, verb, body } = operation;
  return {
    operationId: operationId(method, path),
    summary,
    description: verb === 'signed-in' ? 'For everybody who is signed in.' : `Needs \`${verb}\`.`,
    parameters: [...pathParameters(path), ...queryParameters(operation), ...keyParameter(method)],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { [JSON_TYPE]: { schema: plain(body) } } } }),
    responses: { ...success(operation), default: PROBLEM },
  };
}

const PROBLEM = {
  description: 'What is wrong, in one line',
  content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
};

function success({ answer, stream }: Operation): Json {
  if (stream === true) {
    return { 200: { description: 'Server-sent events', content: { 'text/event-stream': {} } } };
  }
  if (answer === undefined) return { 204: { description: 'Done' } };
  return { 200: { description: 'Done', content: { [JSON_TYPE]: { schema: plain(answer) } } } };
}

/** `GET /api/v1/cases/{caseId}` is `getCasesByCaseId`. */
function operationId(method: string, path: string): string {
  const words = path.replace(/^\/(api\/v1\/)?/, '').split(/[/-]/);
  const name = words.map((word) => {
    const parameter = /^\{(\w+)\}$/.exec(word)?.[1];
    return parameter === undefined ? capital(word) : `By${capital(parameter)}`;
  });
  return method.toLowerCase() + name.join('');
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function pathParameters(path: string): readonly Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters({ query }: Operation): readonly Json[] {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = plain(query) as {
    properties?: Record<string, unknown>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

function keyParameter(method: string): readonly Json[] {
  if (method !== 'POST') return [];
  return [
    {
      name: 'idempotency-key',
      in: 'header',
      required: false,
      schema: { type: 'string', minLength: 8, maxLength: 128 },
    },
  ];
}
