/** risk-engine: events from the log in, decisions and orders out, everything in between in one transaction per batch. */
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import { readEngineConfig, withSecretFiles, type EngineConfig } from '#config';
import { portOf, runProgram, type Program, type Running } from '#observability';
import { EngineModule, TRANSPORT } from './engine.module.ts';

async function start(config: EngineConfig, program: Program): Promise<Running> {
  const app = await NestFactory.create(EngineModule.of(config, program), {
    logger: false,
    abortOnError: false,
  });
  app.use(program.probes);
  app.connectMicroservice({ strategy: app.get(TRANSPORT) });
  await app.startAllMicroservices();
  await app.listen(config.http.port, config.http.host);
  return { port: portOf(app.getHttpServer()), stop: () => app.close() };
}

await runProgram(
  'risk-engine',
  () => readEngineConfig(withSecretFiles(process.env, (path) => readFileSync(path, 'utf8'))),
  start,
);
