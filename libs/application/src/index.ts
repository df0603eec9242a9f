/** The use cases and the ports they need. */
export * from './ports/unit-of-work.ts';
export * from './ports/faults.ts';
export * from './ports/clock.ts';
export * from './ports/input-log.ts';
export * from './ports/output-log.ts';
export * from './ports/engine-store.ts';
export * from './ports/journal-store.ts';
export * from './ports/hold-store.ts';
