/** `/health/live`, `/health/ready` and `/metrics` of every program, for whatever serves HTTP. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Health, HealthReport } from './health.ts';
import type { Metrics } from './metrics.ts';

/** Answers the three paths and passes everything else on. */
export type Probes = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

export function makeProbes(health: Health, { registry }: Pick<Metrics, 'registry'>): Probes {
  return (request, response, next) => {
    const refuse = (error: unknown): void => next(error);
    const answer = (work: Promise<void>): void => void work.then(undefined, refuse);
    switch (request.method === 'GET' ? request.url?.split('?')[0] : undefined) {
      case '/health/live':
        return answer(health.live().then((report) => tell(response, report)));
      case '/health/ready':
        return answer(health.ready().then((report) => tell(response, report)));
      case '/metrics':
        return answer(
          registry.metrics().then((text) => {
            response.setHeader('content-type', registry.contentType);
            response.end(text);
          }),
        );
      default:
        return next();
    }
  };
}

function tell(response: ServerResponse, report: HealthReport): void {
  response.statusCode = report.ok ? 200 : 503;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(report));
}
