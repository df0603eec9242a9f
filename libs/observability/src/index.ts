/** Logs, metrics and health, free of any framework; the apps mount them. */
export { makeLogger, type Logger, type LoggerConfig } from './logger.ts';
export { writtenError, type LogFields } from './fields.ts';
export { makeMetrics, type Counted, type Metrics } from './metrics.ts';
export { makeHealth, type Check, type Health, type HealthReport } from './health.ts';
