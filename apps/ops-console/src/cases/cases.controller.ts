/** `/api/v1/cases`: one case, and what staff do about it. */
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import type { Static } from 'typebox';
import type { IncomingMessage } from 'node:http';
import {
  unmaskPayer,
  workOnCase,
  type CaseAct,
  type CaseDeps,
  type CaseResult,
} from '#application';
import { MINUTE_MS, formatInstant, type CaseCommand, type Policy } from '#domain';
import { Needs, staffOf } from '../access/needs.ts';
import { mayDo } from '../access/verbs.ts';
import * as actions from '../api/actions.ts';
import type { CaseView, Contact, Note } from '../api/case.ts';
import type { CaseWork } from '../api/queue.ts';
import { Problem } from '../problem.ts';
import { readBody, readUuid } from '../reading.ts';
import { readCase, type CaseReads } from './case-view.ts';
import type { CaseWatch } from './case-watch.ts';
import { maskAccount } from './mask.ts';
import { workView } from './queue-view.ts';
import type { StaffNames } from './staff-names.ts';

export const CASES = Symbol('cases');

export interface CasesDeps {
  readonly cases: CaseDeps;
  readonly policy: () => Policy;
  readonly care: CaseReads['care'];
  readonly names: () => Promise<StaffNames>;
  readonly watch: CaseWatch;
}

const UNMASKED_MS = 5 * MINUTE_MS;

@Controller('api/v1/cases')
export class CasesController {
  readonly #deps: CasesDeps;

  constructor(@Inject(CASES) deps: CasesDeps) {
    this.#deps = deps;
  }

  @Get(':caseId')
  @Needs('cases:read')
  async one(@Param('caseId') caseId: string): Promise<CaseView> {
    const { cases, policy, care, names } = this.#deps;
    const { desk, clock } = cases;
    const id = readUuid(caseId, 'case');
    const found = await readCase({ desk, policy, care }, id, await names(), clock.now());
    if (found === undefined) throw unknownCase();
    return found;
  }

  @Post(':caseId/assign')
  @HttpCode(200)
  @Needs('cases:work')
  async assign(
    @Param('caseId') caseId: string,
    @Body() body: unknown,
    @Req() request: IncomingMessage,
  ): Promise<CaseWork> {
    const { assignee } = readBody(actions.Assign, body);
    return this.#work(caseId, request, { type: 'assign', assignee });
  }

  @Post('assign')
  @HttpCode(200)
  @Needs('cases:work')
  async assignMany(
    @Body() body: unknown,
    @Req() request: IncomingMessage,
  ): Promise<Static<typeof actions.BulkResult>> {
    const { caseIds, assignee } = readBody(actions.BulkAssign, body);
    const { name: by } = staffOf(request);
    const results = [];
    for (const caseId of new Set(caseIds)) {
      const result = await this.#try({ caseId, command: { type: 'assign', assignee }, by });
      results.push(
        result.ok
          ? { caseId, ok: true, work: await this.#told(result) }
          : { caseId, ok: false, code: result.code },
      );
    }
    return { results };
  }

  @Post(':caseId/lock')
  @HttpCode(200)
  @Needs('cases:work')
  lock(@Param('caseId') caseId: string, @Req() request: IncomingMessage): Promise<CaseWork> {
    return this.#work(caseId, request, { type: 'lock' });
  }

  @Delete(':caseId/lock')
  @Needs('cases:work')
  unlock(@Param('caseId') caseId: string, @Req() request: IncomingMessage): Promise<CaseWork> {
    const mayBreak = mayDo('cases:break-lock', staffOf(request));
    return this.#work(caseId, request, { type: 'unlock', mayBreak });
  }

  @Post(':caseId/notes')
  @HttpCode(200)
  @Needs('cases:work')
  async note(
    @Param('caseId') caseId: string,
    @Body() body: unknown,
    @Req() request: IncomingMessage,
  ): Promise<Static<typeof Note>> {
    const { text } = readBody(actions.AddNote, body);
    await this.#work(caseId, request, { type: 'note' }, { text });
    const { notes } = await this.one(caseId);
    return last(notes);
  }

  @Post(':caseId/contacts')
  @HttpCode(200)
  @Needs('cases:work')
  async contact(
    @Param('caseId') caseId: string,
    @Body() body: unknown,
    @Req() request: IncomingMessage,
  ): Promise<Static<typeof Contact>> {
    const said = readBody(actions.LogContact, body);
    await this.#work(caseId, request, { type: 'contact' }, said);
    const { contacts } = await this.one(caseId);
    return last(contacts);
  }

  @Post(':caseId/escalate')
  @HttpCode(200)
  @Needs('cases:work')
  escalate(
    @Param('caseId') caseId: string,
    @Body() body: unknown,
    @Req() request: IncomingMessage,
  ): Promise<CaseWork> {
    const { reason } = readBody(actions.Escalate, body);
    return this.#work(caseId, request, { type: 'escalate' }, { text: reason });
  }

  @Post(':caseId/label')
  @HttpCode(200)
  @Needs('cases:work')
  label(
    @Param('caseId') caseId: string,
    @Body() body: unknown,
    @Req() request: IncomingMessage,
  ): Promise<CaseWork> {
    const { label, reason } = readBody(actions.SetLabel, body);
    const said = reason === undefined ? {} : { text: reason };
    return this.#work(caseId, request, { type: 'label', label }, said);
  }

  @Post(':caseId/unmask')
  @HttpCode(200)
  @Needs('payers:unmask')
  async unmask(
    @Param('caseId') caseId: string,
    @Body() body: unknown,
    @Req() request: IncomingMessage,
  ): Promise<Static<typeof actions.Unmasked>> {
    const { reason } = readBody(actions.Unmask, body);
    const { cases } = this.#deps;
    const asked = { caseId: readUuid(caseId, 'case'), by: staffOf(request).name, reason };
    const shown = await unmaskPayer(cases, asked);
    if (shown === undefined) throw unknownCase();
    const { payerId, payeeIds, profile } = shown;
    const accounts = [payerId, ...payeeIds];
    return {
      accounts: accounts.map((account) => ({ masked: maskAccount(account), account })),
      contactRefs: { ...profile?.contactRefs },
      ...(profile?.trustedContactRef === undefined
        ? {}
        : { trustedContactRef: profile.trustedContactRef }),
      until: formatInstant(cases.clock.now() + UNMASKED_MS),
    };
  }

  async #work(
    caseId: string,
    request: IncomingMessage,
    command: CaseCommand,
    said?: CaseAct['said'],
  ): Promise<CaseWork> {
    const act = { caseId: readUuid(caseId, 'case'), command, by: staffOf(request).name };
    const result = await this.#try(said === undefined ? act : { ...act, said });
    if (result.ok) return this.#told(result);
    throw await this.#refusal(result);
  }

  #try(act: CaseAct): Promise<CaseResult> {
    return workOnCase(this.#deps.cases, act);
  }

  /** Tells whoever watches, and the caller. */
  async #told({ work, at }: Extract<CaseResult, { ok: true }>): Promise<CaseWork> {
    const view = workView(work, await this.#deps.names(), at);
    this.#deps.watch.changed(view);
    return view;
  }

  async #refusal(refused: Extract<CaseResult, { ok: false }>): Promise<Problem> {
    switch (refused.code) {
      case 'case_unknown':
        return unknownCase();
      case 'not_locked':
        return new Problem(409, refused.code, 'nobody has locked this case');
      case 'locked_by_another': {
        const { name } = (await this.#deps.names()).person(refused.by ?? '');
        return new Problem(409, refused.code, `${name} is working with this payer now`);
      }
    }
  }
}

function unknownCase(): Problem {
  return new Problem(404, 'case_unknown', 'there is no such case');
}

function last<Item>(items: readonly Item[]): Item {
  const item = items.at(-1);
  if (item === undefined) throw new Problem(404, 'case_unknown', 'the case was erased meanwhile');
  return item;
}
