/** What the rest of the system may use of the wire contract. */
export * from './topics.ts';
export * from './wire.ts';
export { murmur2, partitionOf } from './routing/murmur2.ts';
export { readRecord, type ReadOptions } from './input/read-record.ts';
export { readLine, type LineInput } from './input/read-line.ts';
export {
  digestCode,
  makeCodeBook,
  readCodeKeys,
  type CodeKeys,
  type CodeToDigest,
} from './codes/code-book.ts';
export { encodeEntry, wasErased } from './output/encode-entry.ts';
export {
  assessmentEvent,
  decisionEvent,
  type JournaledDecision,
  type OutputEvent,
} from './output/events.ts';
export {
  POLICY_BYTES_MAX,
  defaultPolicy,
  defaultPolicyText,
  readPolicy,
  type PolicyFile,
  type PolicyProblem,
} from './policy/read-policy.ts';
export { lintPolicy, type PolicyFinding } from './policy/lint-policy.ts';
export { diffPolicies, type PolicyChange } from './policy/diff-policies.ts';
export { loadPolicy } from './policy/load-policy.ts';
export { defaultNotices, payerPageTexts } from './notices/notices.ts';
