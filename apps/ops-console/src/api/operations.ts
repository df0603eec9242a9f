/** Every operation of the console API in one table: where it is, who may do it, what goes in and what comes out. */
import type { Permission } from '#config';
import { Type, type TSchema } from 'typebox';
import * as actions from './actions.ts';
import { CaseView, Contact, Note } from './case.ts';
import * as desk from './desk.ts';
import { Overview, OverviewQuery } from './overview.ts';
import * as policies from './policies.ts';
import * as queue from './queue.ts';
import { Catalogue, Me } from './session.ts';
import { Done } from './shapes.ts';

export interface Operation {
  readonly summary: string;
  /** What the caller must be allowed to do; `signed-in` is anybody who is known. */
  readonly verb: Permission | 'signed-in';
  readonly query?: TSchema;
  readonly body?: TSchema;
  /** Absent: 204, or a stream. */
  readonly answer?: TSchema;
  readonly stream?: true;
}

/** By method and path, as OpenAPI writes paths. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'GET /api/v1/me': { summary: 'Who I am and what I may do', verb: 'signed-in', answer: Me },
  'GET /api/v1/catalogue': {
    summary: 'Names of signals, lenders and staff for filters and legends',
    verb: 'signed-in',
    answer: Catalogue,
  },
  'GET /api/v1/events': { summary: 'Live events', verb: 'cases:read', stream: true },

  'GET /api/v1/queue': {
    summary: 'What is held, most urgent first',
    verb: 'cases:read',
    query: queue.QueueQuery,
    answer: queue.QueuePage,
  },
  'GET /api/v1/queue/counts': {
    summary: 'How many are open, by tier and owner',
    verb: 'cases:read',
    answer: queue.QueueCounts,
  },
  'GET /api/v1/views': {
    summary: 'My saved filters',
    verb: 'cases:read',
    answer: Type.Object({ items: Type.Array(queue.SavedView) }),
  },
  'POST /api/v1/views': {
    summary: 'Save a filter',
    verb: 'cases:read',
    body: queue.SaveView,
    answer: queue.SavedView,
  },
  'DELETE /api/v1/views/{viewId}': { summary: 'Delete my filter', verb: 'cases:read' },

  'GET /api/v1/cases/{caseId}': { summary: 'A case', verb: 'cases:read', answer: CaseView },
  'POST /api/v1/cases/{caseId}/assign': {
    summary: 'Give the case to somebody, or to nobody',
    verb: 'cases:work',
    body: actions.Assign,
    answer: queue.CaseWork,
  },
  'POST /api/v1/cases/assign': {
    summary: 'Give many cases to somebody',
    verb: 'cases:work',
    body: actions.BulkAssign,
    answer: actions.BulkResult,
  },
  'POST /api/v1/cases/{caseId}/lock': {
    summary: 'Work on the payer for ten minutes, alone; again prolongs',
    verb: 'cases:work',
    answer: queue.CaseWork,
  },
  'DELETE /api/v1/cases/{caseId}/lock': {
    summary: 'Give the lock back; a supervisor may break any',
    verb: 'cases:work',
    answer: queue.CaseWork,
  },
  'POST /api/v1/cases/{caseId}/notes': {
    summary: 'Write a note',
    verb: 'cases:work',
    body: actions.AddNote,
    answer: Note,
  },
  'POST /api/v1/cases/{caseId}/contacts': {
    summary: 'Log a contact with the payer',
    verb: 'cases:work',
    body: actions.LogContact,
    answer: Contact,
  },
  'POST /api/v1/cases/{caseId}/escalate': {
    summary: 'Call for a supervisor',
    verb: 'cases:work',
    body: actions.Escalate,
    answer: queue.CaseWork,
  },
  'POST /api/v1/cases/{caseId}/label': {
    summary: 'Say what it was',
    verb: 'cases:work',
    body: actions.SetLabel,
    answer: queue.CaseWork,
  },
  'POST /api/v1/cases/{caseId}/unmask': {
    summary: 'Show the tokens behind the masks, with a reason, journaled',
    verb: 'payers:unmask',
    body: actions.Unmask,
    answer: actions.Unmasked,
  },
  'GET /api/v1/policies': {
    summary: 'Versions, newest first',
    verb: 'policies:read',
    answer: Type.Object({ items: Type.Array(policies.PolicyVersion) }),
  },
  'POST /api/v1/policies': {
    summary: 'Begin a draft',
    verb: 'policies:write',
    body: policies.CreateDraft,
    answer: policies.PolicyVersion,
  },
  'GET /api/v1/policies/{policyVersionId}': {
    summary: 'A version with its document',
    verb: 'policies:read',
    answer: policies.PolicyDocument,
  },
  'PUT /api/v1/policies/{policyVersionId}': {
    summary: 'Change one’s own draft',
    verb: 'policies:write',
    body: policies.ChangeDraft,
    answer: policies.PolicyVersion,
  },
  'POST /api/v1/policies/{policyVersionId}/lint': {
    summary: 'Check a version',
    verb: 'policies:read',
    answer: policies.LintReport,
  },
  'GET /api/v1/policies/{policyVersionId}/diff': {
    summary: 'What it changes against another version, in words and numbers',
    verb: 'policies:read',
    query: policies.DiffQuery,
    answer: policies.PolicyDiff,
  },
  'POST /api/v1/policies/{policyVersionId}/backtest': {
    summary: 'What it would have done to decisions on record',
    verb: 'policies:read',
    body: policies.BacktestRequest,
    answer: policies.Backtest,
  },
  'POST /api/v1/policies/{policyVersionId}/submit': {
    summary: 'Hand one’s own draft in for approval',
    verb: 'policies:write',
    body: policies.PolicyStep,
    answer: policies.PolicyVersion,
  },
  'POST /api/v1/policies/{policyVersionId}/shadow': {
    summary: 'Run it beside the live one, without effect',
    verb: 'policies:approve',
    body: policies.PolicyStep,
    answer: policies.PolicyVersion,
  },
  'GET /api/v1/policies/{policyVersionId}/shadow': {
    summary: 'What it decides beside the live one',
    verb: 'policies:read',
    answer: policies.ShadowReport,
  },
  'POST /api/v1/policies/{policyVersionId}/activate': {
    summary: 'Make somebody else’s version the live one',
    verb: 'policies:approve',
    body: policies.PolicyStep,
    answer: policies.PolicyVersion,
  },
  'POST /api/v1/policies/{policyVersionId}/reject': {
    summary: 'Send a version back for good',
    verb: 'policies:approve',
    body: policies.PolicyStep,
    answer: policies.PolicyVersion,
  },
  'POST /api/v1/policies/rollback': {
    summary: 'Make the version before live again, at once',
    verb: 'policies:approve',
    body: policies.PolicyStep,
    answer: policies.PolicyVersion,
  },

  'GET /api/v1/overview': {
    summary: 'How things stand',
    verb: 'overview:read',
    query: OverviewQuery,
    answer: Overview,
  },
  'GET /api/v1/lists/payees': {
    summary: 'Payees on lists',
    verb: 'lists:read',
    query: queue.PageQuery,
    answer: desk.ListedPayees,
  },
  'GET /api/v1/dead-letters': {
    summary: 'Records that were refused',
    verb: 'letters:read',
    query: queue.PageQuery,
    answer: desk.DeadLetters,
  },
  'POST /api/v1/dead-letters/{letterId}/redrive': {
    summary: 'Mark a refused record as sent again by its producer',
    verb: 'letters:redrive',
    body: actions.DecideRequest,
    answer: desk.DeadLetter,
  },
  'GET /api/v1/journal': {
    summary: 'Entries of a chain, newest first, without personal values',
    verb: 'journal:read',
    query: desk.JournalQuery,
    answer: desk.JournalPage,
  },
  'POST /auth/logout': { summary: 'End the session', verb: 'signed-in', answer: Done },
};
