/** The engine's store: each port method is one statement or a few. */
import type { EngineStore } from '#application';
import { appendEvidence, readWindows } from './evidence.ts';
import { lockHolds, saveHolds } from './hold-rows.ts';
import { keepPayeeActivity, readPayeeNumbers, readProfiles, saveProfiles } from './payees.ts';
import { readQuiets } from './quiets.ts';
import { advance, claim, markResponsesRead, readUnseenTopics } from './positions.ts';
import { readKnownSubjects, readRecordedSubjects, saveSubjects } from './subjects.ts';
import type { Transactions } from './transactions.ts';

export function makeEngineStore(transactions: Transactions): EngineStore {
  const { open } = transactions;
  return {
    claim: (instanceId, partitions) => claim(transactions, instanceId, partitions),
    knownSubjects: (tx, subjects) => readKnownSubjects(open(tx), subjects),
    recordedSubjects: (tx, requests) => readRecordedSubjects(open(tx), requests),
    windows: (tx, requests) => readWindows(open(tx), requests),
    payeeNumbers: (tx, requests) => readPayeeNumbers(open(tx), requests),
    quiets: (tx, payerIds) => readQuiets(open(tx), payerIds),
    profiles: (tx, payerIds) => readProfiles(open(tx), payerIds),
    lockHolds: (tx, holdIds) => lockHolds(open(tx), holdIds),
    async appendEvidence(tx, writes) {
      if (writes.length === 0) return 0;
      const events = writes.map((write) => write.event);
      const [added] = await Promise.all([
        appendEvidence(open(tx), writes),
        keepPayeeActivity(open(tx), events),
      ]);
      return added;
    },
    saveProfiles: (tx, profiles) => saveProfiles(open(tx), profiles),
    saveSubjects: (tx, writes) => saveSubjects(open(tx), writes),
    saveHolds: (tx, holds) => saveHolds(open(tx), holds),
    advance: (tx, advances) => advance(open(tx), advances),
    markResponsesRead: (marks) => markResponsesRead(transactions, marks),
    unseenTopics: () => readUnseenTopics(transactions),
  };
}
