/** payer-page: what a payer sees of a hold, and the only program that may be reached from the internet. */
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readPayerPageConfig, withSecretFiles, type PayerPageConfig } from '#config';
import { portOf, runProgram, type Program, type Running } from '#observability';
import { PayerPageModule } from './payer-page.module.ts';
import { SECURITY_HEADERS } from './replies.ts';

const BODY_LIMIT = '8kb';

async function start(config: PayerPageConfig, program: Program): Promise<Running> {
  const app = await NestFactory.create<NestExpressApplication>(
    PayerPageModule.of(config, program),
    { logger: false, abortOnError: false, bodyParser: false },
  );
  app.disable('x-powered-by');
  app.disable('etag');
  app.use((_request: IncomingMessage, response: ServerResponse, next: () => void) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    next();
  });
  const publicHost = new URL(config.payerPageUrl).host;
  app.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    // Health and metrics are for whoever asks this machine, not for whoever asks for the page.
    const isPublic =
      config.payerPageUrl.startsWith('https:') && request.headers.host === publicHost;
    if (isPublic) next();
    else program.probes(request, response, next);
  });
  app.useBodyParser('urlencoded', { limit: BODY_LIMIT, extended: false });
  await app.listen(config.http.port, config.http.host);
  return { port: portOf(app.getHttpServer()), stop: () => app.close() };
}

await runProgram(
  'payer-page',
  () => readPayerPageConfig(withSecretFiles(process.env, (path) => readFileSync(path, 'utf8'))),
  start,
);
