/** Whatever goes wrong ends in a page that a frightened person can read, and in a log line without a value of the request. */
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { TransientFault } from '#application';
import type { PageTexts } from '#domain';
import type { Logger } from '#observability';
import { sendPage } from './replies.ts';
import { deadLinkPage, failurePage } from './simple-pages.ts';

@Catch()
export class PageFilter implements ExceptionFilter {
  readonly #log: Logger;
  readonly #texts: PageTexts;

  constructor(log: Logger, texts: PageTexts) {
    this.#log = log;
    this.#texts = texts;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const response: ServerResponse = host.switchToHttp().getResponse();
    const status = statusOf(error);
    if (status < 500) return sendPage(response, status, deadLinkPage(this.#texts));
    if (status === 503) this.#log.warn('a request met a fault that may pass', { error });
    else this.#log.error('a request failed', { error });
    sendPage(response, status, failurePage(this.#texts));
  }
}

/** Express refuses a body or an address that cannot be read with a status of its own. */
function statusOf(error: unknown): number {
  if (error instanceof TransientFault) return 503;
  if (error instanceof HttpException) return error.getStatus();
  const status: unknown = error instanceof Error ? Reflect.get(error, 'status') : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}
