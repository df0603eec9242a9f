/** The console API as types, for its server and for the screens. */
export * from './shapes.ts';
export * from './session.ts';
export * from './queue.ts';
export * from './case.ts';
export * from './actions.ts';
export * from './policies.ts';
export * from './overview.ts';
export * from './desk.ts';
export { OPERATIONS, type Operation } from './operations.ts';
export { openApiDocument, openApiText } from './openapi.ts';
