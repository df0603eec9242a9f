/** risk-worker: what the clock does to holds, and what may not be kept any longer. */
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import { readWorkerConfig, withSecretFiles, type WorkerConfig } from '#config';
import { portOf, runProgram, type Program, type Running } from '#observability';
import { WorkerModule } from './worker.module.ts';

async function start(config: WorkerConfig, program: Program): Promise<Running> {
  const app = await NestFactory.create(WorkerModule.of(config, program), {
    logger: false,
    abortOnError: false,
  });
  app.use(program.probes);
  await app.listen(config.http.port, config.http.host);
  return { port: portOf(app.getHttpServer()), stop: () => app.close() };
}

await runProgram(
  'risk-worker',
  () => readWorkerConfig(withSecretFiles(process.env, (path) => readFileSync(path, 'utf8'))),
  start,
);
