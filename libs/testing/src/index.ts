/** Stand-ins with the behaviour of the real servers, for specs and for running without them. */
export * from './store.ts';
export * from './postgres.ts';
export * from './log.ts';
export { makeChance, type Chance } from './log-chance.ts';
export * from './kafka.ts';
export { startLocalPostgres, type LocalPostgres } from './local-postgres.ts';
export * from './simulation/index.ts';
