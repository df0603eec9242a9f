/** The frame of every program: configuration or one line, health, metrics, log, and an orderly end. */
import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import { hostname } from 'node:os';
import { makeHealth, type Health } from './health.ts';
import { onParentGone, tellParent } from './hosted.ts';
import { makeLogger, type Logger, type LoggerConfig } from './logger.ts';
import { makeMetrics } from './metrics.ts';
import { makeProbes, type Probes } from './probes.ts';

export interface ProgramSettings {
  readonly logLevel: LoggerConfig['level'];
  readonly instanceId?: string;
}

/** What a program is given to live in. */
export interface Program {
  readonly instanceId: string;
  readonly log: Logger;
  readonly health: Health;
  readonly metrics: ReturnType<typeof makeMetrics>;
  readonly probes: Probes;
  /** Ends the process with status 1 at once: something is wrong that only a restart can mend. */
  readonly fatal: (error: Error) => void;
}

/** What a program that runs hands back. */
export interface Running {
  readonly port: number;
  /** Orderly: nothing new is begun, what was begun is finished. */
  stop(): Promise<void>;
}

const STOP_MS_MAX = 15_000;

/**
 * Reads the settings, starts, tells the parent, and stops on SIGTERM, SIGINT or when the parent is gone. Settings that are refused and
 * servers that cannot be reached end it with one line on standard error.
 */
export async function runProgram<Settings extends ProgramSettings>(
  app: string,
  readSettings: () => Settings,
  start: (settings: Settings, program: Program) => Promise<Running>,
): Promise<void> {
  try {
    const settings = readSettings();
    const program = makeProgram(app, settings);
    const running = await start(settings, program);
    program.log.info('ready', { port: running.port });
    tellParent({ type: 'ready', port: running.port });
    stopOnSignals(program, running);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it failed without a reason';
    process.stderr.write(`${app}: ${reason}\n`);
    tellParent({ type: 'failed', reason });
    process.exit(1);
  }
}

function makeProgram(app: string, settings: ProgramSettings): Program {
  const instanceId =
    settings.instanceId ?? `${hostname().slice(0, 40)}-${randomBytes(4).toString('hex')}`;
  const log = makeLogger({ app, level: settings.logLevel, instanceId });
  const health = makeHealth();
  const metrics = makeMetrics();
  return {
    instanceId,
    log,
    health,
    metrics,
    probes: makeProbes(health, metrics),
    fatal(error) {
      log.fatal('cannot go on', { error });
      process.stderr.write(`${app}: cannot go on: ${error.message}\n`);
      process.exit(1);
    },
  };
}

function stopOnSignals({ log, health }: Program, running: Running): void {
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    health.stopping();
    log.info('stopping', { signal });
    const late = setTimeout(() => process.exit(1), STOP_MS_MAX);
    running.stop().then(
      () => {
        clearTimeout(late);
        process.exit(0);
      },
      (error: unknown) => {
        log.error('did not stop in order', { error });
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));
  onParentGone(() => stop('parent'));
}

/** The port that a server listens on, also where the system chose it. */
export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
