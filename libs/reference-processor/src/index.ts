/** A payment processor and credit platform that obeys, with play money: small enough to copy. */
export * from './events.ts';
export * from './ledger.ts';
export * from './processor.ts';
