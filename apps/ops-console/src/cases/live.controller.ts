/** `/api/v1/events`: server-sent events, one stream for each open page. */
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '#application';
import { Needs, staffOf } from '../access/needs.ts';
import { Problem } from '../problem.ts';
import type { CaseWatch } from './case-watch.ts';

export const LIVE = Symbol('live');

export interface LiveDeps {
  readonly watch: CaseWatch;
  readonly clock: Clock;
}

const STREAMS_MAX = 500;
/** So that neither side nor anything in between takes a quiet stream for a dead one. */
const HEARTBEAT_MS = 15_000;
/** A page that does not read is dropped, and reads its list again when it comes back. */
const UNREAD_BYTES_MAX = 1_048_576;

@Controller('api/v1')
export class LiveController {
  readonly #deps: LiveDeps;

  constructor(@Inject(LIVE) deps: LiveDeps) {
    this.#deps = deps;
  }

  @Get('events')
  @Needs('cases:read')
  events(@Req() request: IncomingMessage, @Res() response: ServerResponse): void {
    const { watch, clock } = this.#deps;
    if (watch.listening >= STREAMS_MAX) {
      throw new Problem(503, 'too_many_streams', 'too many pages are open: close some');
    }
    const { session } = staffOf(request);
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
    response.write('retry: 2000\n\n');
    const stop = watch.listen(({ event, data }) => {
      if (response.writableLength > UNREAD_BYTES_MAX) response.destroy();
      else response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    });
    const heartbeat = setInterval(() => {
      // The session is over: the page has to ask again, and is refused.
      if (clock.now() >= session.endsAt) response.end();
      else response.write(': still here\n\n');
    }, HEARTBEAT_MS);
    response.once('close', () => {
      clearInterval(heartbeat);
      stop();
    });
  }
}
