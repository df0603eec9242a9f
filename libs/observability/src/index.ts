/** Logs, metrics and health, free of any framework; the apps mount them. */
export { makeLogger, type Logger, type LoggerConfig } from './logger.ts';
export { writtenError, type LogFields } from './fields.ts';
export { makeMetrics, type Counted, type Metrics } from './metrics.ts';
export { FeedGauges } from './feed-gauges.ts';
export { makeHealth, type Check, type Health, type HealthReport } from './health.ts';
export { makeProbes, type Probes } from './probes.ts';
export { isHosted, onParentGone, tellParent, type HostedMessage } from './hosted.ts';
export { portOf, runProgram, type Program, type ProgramSettings, type Running } from './program.ts';
