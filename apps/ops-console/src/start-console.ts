/** Starts the console's server: for `main.ts`, and for specs that speak to it over HTTP. */
import { fileURLToPath } from 'node:url';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { ConsoleConfig } from '#config';
import { portOf, type Program, type Running } from '#observability';
import { ConsoleModule } from './console.module.ts';
import { securityHeaders } from './security-headers.ts';
import { webBuild } from './web/web-build.ts';

/** A policy document is the largest thing that anybody sends. */
const BODY_LIMIT = '256kb';

/** `dist/apps/ops-web`, from the built program and from the source alike. */
const WEB_BUILD = fileURLToPath(
  new URL(
    import.meta.url.includes('/dist/apps/') ? '../../ops-web' : '../../../dist/apps/ops-web',
    import.meta.url,
  ),
);

export async function startConsole(config: ConsoleConfig, program: Program): Promise<Running> {
  const app = await NestFactory.create<NestExpressApplication>(ConsoleModule.of(config, program), {
    logger: false,
    abortOnError: false,
    bodyParser: false,
    // Live streams never end by themselves.
    forceCloseConnections: true,
  });
  app.disable('x-powered-by');
  app.use(program.probes);
  app.use(securityHeaders);
  app.use(webBuild(WEB_BUILD));
  app.useBodyParser('json', { limit: BODY_LIMIT });
  await app.listen(config.http.port, config.http.host);
  return { port: portOf(app.getHttpServer()), stop: () => app.close() };
}
