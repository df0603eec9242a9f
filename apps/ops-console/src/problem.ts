/** Errors as `application/problem+json` (RFC 9457): one code for machines, one line for people, no value of the request. */
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { STATUS_CODES, type ServerResponse } from 'node:http';
import { TransientFault } from '#application';
import type { Logger } from '#observability';

export interface ProblemDetails {
  readonly status: number;
  /** Stable, for machines. */
  readonly code: string;
  readonly detail: string;
}

/** Thrown by handlers for whatever the caller must be told. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly details: ProblemDetails;

  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.details = { status, code, detail };
  }
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const details = this.#detailsOf(error);
    const response: ServerResponse = host.switchToHttp().getResponse();
    response.statusCode = details.status;
    response.setHeader('content-type', 'application/problem+json');
    if (details.status === 401) response.setHeader('www-authenticate', 'Bearer');
    const title = STATUS_CODES[details.status] ?? 'Error';
    response.end(JSON.stringify({ type: 'about:blank', title, ...details }));
  }

  #detailsOf(error: unknown): ProblemDetails {
    if (error instanceof Problem) return error.details;
    if (error instanceof TransientFault) {
      this.#log.warn('a request met a fault that may pass', { error });
      return { status: 503, code: 'unavailable', detail: 'try again in a moment' };
    }
    if (error instanceof HttpException) return ofNest(error.getStatus());
    const status: unknown = error instanceof Error ? Reflect.get(error, 'status') : undefined;
    // Express's own refusals, of a body that is too large or no JSON.
    if (typeof status === 'number' && status >= 400 && status < 500) return ofNest(status);
    this.#log.error('a request failed', { error });
    return { status: 500, code: 'internal', detail: 'the request failed; see the log' };
  }
}

function ofNest(status: number): ProblemDetails {
  switch (status) {
    case 404:
      return { status, code: 'not_found', detail: 'there is nothing at this address' };
    case 413:
      return { status, code: 'too_large', detail: 'the body is too large' };
    default:
      return { status, code: 'bad_request', detail: 'the request could not be read' };
  }
}
