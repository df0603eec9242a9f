/** What the rest of the system may use of the domain. */
export * from './kernel/instant.ts';
export * from './kernel/money.ts';
export * from './event/event.ts';
export * from './event/order.ts';
export * from './subject/subject.ts';
export * from './evidence/payer-window.ts';
export * from './assessment/assessment.ts';
export * from './hold/hold.ts';
export * from './journal/entry.ts';
