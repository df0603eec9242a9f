/** The use cases and the ports they need. */
export * from './ports/unit-of-work.ts';
export * from './ports/faults.ts';
export * from './ports/clock.ts';
export * from './ports/input-log.ts';
export * from './ports/output-log.ts';
export * from './ports/engine-store.ts';
export * from './ports/journal-store.ts';
export * from './ports/hold-store.ts';
export * from './engine/batch-types.ts';
export * from './engine/engine-events.ts';
export * from './engine/process-batch.ts';
export * from './engine/engine.ts';
export * from './engine/publisher.ts';
export * from './holds/recorded-hold.ts';
export * from './holds/end-due-holds.ts';
export * from './holds/change-hold.ts';
export * from './replay/replay.ts';
