/** Checks answers of the running console against its own OpenAPI description, whichever spec asked for them. */
import { Compile } from 'typebox/compile';
import { OPERATIONS, type Operation } from '../../apps/ops-console/src/api/operations.ts';
import { ProblemDetails } from '../../apps/ops-console/src/api/shapes.ts';

interface Described {
  readonly name: string;
  readonly method: string;
  readonly path: RegExp;
  readonly operation: Operation;
}

const DESCRIBED: readonly Described[] = Object.entries(OPERATIONS).map(([name, operation]) => {
  const [method = '', path = ''] = name.split(' ');
  const pattern = path.replaceAll(/\{\w+\}/g, '[^/]+');
  return { name, method, path: new RegExp(`^${pattern}$`), operation };
});

const isProblem = Compile(ProblemDetails);

/** What of an answer is not as described, or undefined. Addresses that are not described are not judged. */
export function undescribed(
  method: string,
  path: string,
  answer: { readonly status: number; readonly json: unknown },
): string | undefined {
  const found =
    DESCRIBED.find((one) => one.method === method && one.name.endsWith(` ${path}`)) ??
    DESCRIBED.find((one) => one.method === method && one.path.test(path));
  if (found === undefined) return undefined;
  if (answer.status >= 400) {
    return isProblem.Check(answer.json) ? undefined : `${found.name}: no problem details`;
  }
  const { answer: schema, stream } = found.operation;
  if (stream === true) return undefined;
  if (schema === undefined) return answer.status === 204 ? undefined : `${found.name}: not 204`;
  const validator = Compile(schema);
  if (answer.status === 200 && validator.Check(answer.json)) return undefined;
  const [first] = validator.Errors(answer.json);
  return `${found.name}: ${answer.status} ${first?.instancePath} ${first?.message}`;
}
