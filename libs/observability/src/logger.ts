/** The log of a program: JSON lines with fixed sentences and listed fields, so that nobody's data can slip in. */
import { pino, type DestinationStream, type Logger as Pino } from 'pino';
import { writtenFields, type LogFields } from './fields.ts';

export interface LoggerConfig {
  /** `risk-engine`, `risk-worker`, `ops-console`. */
  readonly app: string;
  readonly level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  readonly instanceId: string;
}

/** Only a text that stands in the source: one that is put together at run time has no such type. */
type Sentence<Text extends string> = Record<never, never> extends Record<Text, 1> ? never : Text;

type Log = <const Text extends string>(sentence: Sentence<Text>, fields?: LogFields) => void;

export interface Logger {
  readonly fatal: Log;
  readonly error: Log;
  readonly warn: Log;
  readonly info: Log;
  readonly debug: Log;
  /** The same log with these fields on every line. */
  with(fields: LogFields): Logger;
}

/** Writes to standard output, or to `destination`. */
export function makeLogger(config: LoggerConfig, destination?: DestinationStream): Logger {
  const options = {
    level: config.level,
    base: { app: config.app, instance: config.instanceId },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return loggerOn(destination === undefined ? pino(options) : pino(options, destination));
}

function loggerOn(lines: Pino): Logger {
  const at =
    (level: 'fatal' | 'error' | 'warn' | 'info' | 'debug'): Log =>
    (sentence, fields) => {
      if (lines.isLevelEnabled(level)) lines[level](writtenFields(fields ?? {}), sentence);
    };
  return {
    fatal: at('fatal'),
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    with: (fields) => loggerOn(lines.child(writtenFields(fields))),
  };
}
