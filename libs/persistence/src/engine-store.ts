/** The engine's store: each port method is one statement or a few. */
import type { EngineStore } from '#application';
import { makeCareStore } from './care-store.ts';
import { appendEvidence, readWindows } from './evidence.ts';
import { lockHolds, saveHolds } from './hold-rows.ts';
import {
  keepPayeeTurns,
  readPayeeNumbers,
  readPayeeTurns,
  savePayeeActivity,
} from './payee-activity.ts';
import { readHabits, saveHabits } from './payer-habits.ts';
import { readProfiles, saveProfiles } from './profiles.ts';
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
    habits: (tx, requests) => readHabits(open(tx), requests),
    saveHabits: (tx, writes) => saveHabits(open(tx), writes),
    payeeNumbers: (tx, requests, countTo) => readPayeeNumbers(open(tx), requests, countTo),
    savePayeeActivity: (tx, change) => savePayeeActivity(open(tx), change),
    payeeTurns: (tx, partitions, newPayers) => readPayeeTurns(open(tx), partitions, newPayers),
    keepPayeeTurns: (tx, partitions, turns) => keepPayeeTurns(open(tx), partitions, turns),
    quiets: (tx, payerIds) => readQuiets(open(tx), payerIds),
    profiles: (tx, payerIds) => readProfiles(open(tx), payerIds),
    lockHolds: (tx, holdIds) => lockHolds(open(tx), holdIds),
    appendEvidence: (tx, writes) => appendEvidence(open(tx), writes),
    saveProfiles: (tx, profiles) => saveProfiles(open(tx), profiles),
    saveSubjects: (tx, writes) => saveSubjects(open(tx), writes),
    addAppeals: (tx, appeals) => makeCareStore(transactions).addAppeals(tx, appeals),
    saveHolds: (tx, holds) => saveHolds(open(tx), holds),
    advance: (tx, advances) => advance(open(tx), advances),
    markResponsesRead: (marks) => markResponsesRead(transactions, marks),
    unseenTopics: () => readUnseenTopics(transactions),
  };
}
