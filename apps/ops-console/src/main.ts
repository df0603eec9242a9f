/** ops-console: HTTP for staff, auditors, processors and the payer page. */
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { readConsoleConfig, withSecretFiles, type ConsoleConfig } from '#config';
import { portOf, runProgram, type Program, type Running } from '#observability';
import { ConsoleModule } from './console.module.ts';

const BODY_LIMIT = '16kb';

async function start(config: ConsoleConfig, program: Program): Promise<Running> {
  const app = await NestFactory.create<NestExpressApplication>(ConsoleModule.of(config, program), {
    logger: false,
    abortOnError: false,
    bodyParser: false,
  });
  app.disable('x-powered-by');
  app.use(program.probes);
  app.useBodyParser('json', { limit: BODY_LIMIT });
  await app.listen(config.http.port, config.http.host);
  return { port: portOf(app.getHttpServer()), stop: () => app.close() };
}

await runProgram(
  'ops-console',
  () => readConsoleConfig(withSecretFiles(process.env, (path) => readFileSync(path, 'utf8'))),
  start,
);
