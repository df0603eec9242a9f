/** `/api/v1/policies`: from draft to live and back. */
import { setImmediate as breathe } from 'node:timers/promises';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Put,
  Query,
  Req,
} from '@nestjs/common';
import type { Static } from 'typebox';
import type { IncomingMessage } from 'node:http';
import {
  changePolicy,
  draftPolicy,
  rollBackPolicy,
  stepPolicy,
  tierCounts,
  weighUnder,
  type PolicyDeps,
  type PolicyResult,
  type PolicyVersion,
} from '#application';
import { readPolicy } from '#contracts';
import { DAY_MS, type Policy } from '#domain';
import { Needs, staffOf } from '../access/needs.ts';
import * as api from '../api/policies.ts';
import type { CaseWatch } from '../cases/case-watch.ts';
import type { StaffNames } from '../cases/staff-names.ts';
import { Problem } from '../problem.ts';
import { bad, readBody, readQuery, readUuid } from '../reading.ts';
import { cannotShow, documentText, lintReport, policyChanges } from './policy-texts.ts';
import { backtestView, shadowView, versionView } from './policy-view.ts';

export const POLICIES = Symbol('policies');

export interface PoliciesDeps {
  readonly policies: PolicyDeps;
  readonly live: () => Policy;
  readonly names: () => Promise<StaffNames>;
  readonly watch: CaseWatch;
}

/** Decisions that one backtest weighs again at most: a few seconds. */
const BACKTEST_MAX = 20_000;

@Controller('api/v1/policies')
export class PoliciesController {
  readonly #deps: PoliciesDeps;

  constructor(@Inject(POLICIES) deps: PoliciesDeps) {
    this.#deps = deps;
  }

  @Get()
  @Needs('policies:read')
  async list(): Promise<{ items: api.PolicyVersion[] }> {
    const { policies, names } = this.#deps;
    const [versions, who] = await Promise.all([policies.policies.list(), names()]);
    return { items: versions.map((version) => versionView(version, who)) };
  }

  @Post()
  @HttpCode(200)
  @Needs('policies:write')
  async draft(@Body() body: unknown, @Req() request: IncomingMessage): Promise<api.PolicyVersion> {
    const { title, basedOn, document } = readBody(api.CreateDraft, body);
    const draft = { title, ...readDocument(document), by: staffOf(request).name };
    const asked = basedOn === undefined ? draft : { ...draft, basedOn };
    return this.#told(await draftPolicy(this.#deps.policies, asked));
  }

  @Post('rollback')
  @HttpCode(200)
  @Needs('policies:approve')
  async rollback(
    @Body() body: unknown,
    @Req() request: IncomingMessage,
  ): Promise<api.PolicyVersion> {
    const { comment } = readBody(api.PolicyStep, body);
    const by = staffOf(request).name;
    const asked = comment === undefined ? { by } : { by, comment };
    return this.#told(await rollBackPolicy(this.#deps.policies, asked));
  }

  @Get(':id')
  @Needs('policies:read')
  async one(@Param('id') id: string): Promise<Static<typeof api.PolicyDocument>> {
    const { version, document } = await this.#find(id);
    return { ...versionView(version, await this.#deps.names()), document };
  }

  @Put(':id')
  @Needs('policies:write')
  async change(
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: IncomingMessage,
  ): Promise<api.PolicyVersion> {
    const { title, document } = readBody(api.ChangeDraft, body);
    const draft = { ...readDocument(document), by: staffOf(request).name };
    const asked = title === undefined ? draft : { ...draft, title };
    const policyVersionId = readUuid(id, 'policy');
    return this.#told(await changePolicy(this.#deps.policies, policyVersionId, asked));
  }

  @Post(':id/lint')
  @HttpCode(200)
  @Needs('policies:read')
  async lint(@Param('id') id: string): Promise<api.LintReport> {
    const { document } = await this.#find(id);
    return lintReport(documentText(document));
  }

  @Get(':id/diff')
  @Needs('policies:read')
  async diff(@Param('id') id: string, @Query() query: unknown): Promise<api.PolicyDiff> {
    const { against } = readQuery(api.DiffQuery, query);
    const { policies } = this.#deps.policies;
    const other = against ?? (await policies.live())?.policyVersionId;
    if (other === undefined) throw new Problem(404, 'policy_unknown', 'no version is live yet');
    const [before, after] = await Promise.all([this.#find(other), this.#find(id)]);
    return { from: other, to: id, changes: policyChanges(before.document, after.document) };
  }

  @Post(':id/backtest')
  @HttpCode(200)
  @Needs('policies:read')
  async backtest(@Param('id') id: string, @Body() body: unknown): Promise<api.Backtest> {
    const { days } = readBody(api.BacktestRequest, body);
    const { policies, live } = this.#deps;
    const { document } = await this.#find(id);
    const { policy } = readDocument(document);
    const to = policies.clock.now();
    const from = to - days * DAY_MS;
    const decided = await policies.policies.decisions(from, BACKTEST_MAX);
    const weighed = await weighUnder(decided, policy, () => breathe());
    return backtestView(id, { from, to, limit: BACKTEST_MAX }, weighed, cannotShow(live(), policy));
  }

  @Post(':id/submit')
  @HttpCode(200)
  @Needs('policies:write')
  submit(@Param('id') id: string, @Body() body: unknown, @Req() request: IncomingMessage) {
    return this.#step(id, 'submit', body, request);
  }

  @Post(':id/shadow')
  @HttpCode(200)
  @Needs('policies:approve')
  shadow(@Param('id') id: string, @Body() body: unknown, @Req() request: IncomingMessage) {
    return this.#step(id, 'shadow', body, request);
  }

  @Get(':id/shadow')
  @Needs('policies:read')
  async shadowReport(@Param('id') id: string): Promise<api.ShadowReport> {
    const { version } = await this.#find(id);
    const { counts, examples } = await this.#deps.policies.policies.shadowReport(id);
    return shadowView(version, counts, examples, tierCounts);
  }

  @Post(':id/activate')
  @HttpCode(200)
  @Needs('policies:approve')
  activate(@Param('id') id: string, @Body() body: unknown, @Req() request: IncomingMessage) {
    return this.#step(id, 'activate', body, request);
  }

  @Post(':id/reject')
  @HttpCode(200)
  @Needs('policies:approve')
  reject(@Param('id') id: string, @Body() body: unknown, @Req() request: IncomingMessage) {
    return this.#step(id, 'reject', body, request);
  }

  async #step(
    id: string,
    step: Parameters<typeof stepPolicy>[2],
    body: unknown,
    request: IncomingMessage,
  ): Promise<api.PolicyVersion> {
    const { comment } = readBody(api.PolicyStep, body);
    const by = staffOf(request).name;
    const asked = comment === undefined ? { by } : { by, comment };
    return this.#told(await stepPolicy(this.#deps.policies, readUuid(id, 'policy'), step, asked));
  }

  async #told(result: PolicyResult): Promise<api.PolicyVersion> {
    if (!result.ok) throw refusal(result.code);
    const { policyVersionId, state } = result.version;
    this.#deps.watch.tell({ event: 'policy', data: { policyVersionId, state } });
    return versionView(result.version, await this.#deps.names());
  }

  async #find(id: string): Promise<{ version: PolicyVersion; document: unknown }> {
    const { policies } = this.#deps.policies;
    const policyVersionId = readUuid(id, 'policy');
    const [version, text] = await Promise.all([
      policies.find(policyVersionId),
      policies.documentOf(policyVersionId),
    ]);
    if (version === undefined || text === undefined) throw refusal('policy_unknown');
    return { version, document: JSON.parse(text) as unknown };
  }
}

/** What cannot decide cannot be kept either: the first thing that is wrong is said, `lint` says all of it. */
function readDocument(document: unknown): { policy: Policy; document: string } {
  const text = documentText(document);
  const read = readPolicy(text);
  if (read.ok) return { policy: read.policy, document: text };
  const [first] = read.problems;
  const more = read.problems.length > 1 ? ` (and ${read.problems.length - 1} more)` : '';
  throw bad(`document ${first?.path ?? ''} ${first?.message ?? 'is no policy'}${more}`);
}

type Refusal = Extract<PolicyResult, { ok: false }>['code'];

const REFUSALS: Readonly<Record<Refusal, { readonly status: number; readonly detail: string }>> = {
  policy_unknown: { status: 404, detail: 'there is no such version' },
  version_taken: {
    status: 409,
    detail: 'another version has this id and version: raise the version',
  },
  nothing_before: { status: 409, detail: 'no version was live before' },
  wrong_state: { status: 409, detail: 'the version is not in a state for this step' },
  not_author: { status: 403, detail: 'only its author may do that' },
  own_policy: { status: 403, detail: 'nobody approves what they wrote: ask another approver' },
};

function refusal(code: Refusal): Problem {
  const { status, detail } = REFUSALS[code];
  return new Problem(status, code, detail);
}
