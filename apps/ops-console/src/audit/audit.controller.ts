/** `/api/v1/audit`: the journal for the auditor's desk: read, asked for, approved by a second person, downloaded. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  approveExport,
  decisionBodyOf,
  exportIdOf,
  exportRefusal,
  listExports,
  makeExport,
  planExport,
  readRequest,
  requestExport,
  weighAgain,
  writeReceipt,
  NotSealed,
  type ExportRefusal,
  type ExportRequest,
} from '#application';
import { NODE_HASHING, SYSTEM_CLOCK } from '#config';
import { HOUSE_CHAIN, formatInstant, type Policy } from '#domain';
import { makeBundleFolder, type Database } from '#persistence';
import { Needs, callerOf } from '../access/bearer.guard.ts';
import { Problem } from '../problem.ts';
import { readExport, readExportId, readPage } from './export-requests.ts';
import { tarOf } from './tar.ts';

export const AUDIT = Symbol('audit');

export interface AuditDesk {
  readonly database: Database;
  readonly policy: () => Policy;
}

const LISTED_MAX = 200;
const RECEIPT_MS_MAX = 15_000;
const POLL_MS = 250;

@Controller('api/v1/audit')
export class AuditController {
  readonly #desk: AuditDesk;

  constructor(@Inject(AUDIT) desk: AuditDesk) {
    this.#desk = desk;
  }

  @Get('checkpoints')
  @Needs('journal:read')
  async checkpoints(): Promise<object> {
    const ends = await this.#desk.database.sealStore.chainEnds();
    return {
      items: ends.map(({ chain, head, sealed }) => ({
        chain,
        head,
        ...(sealed === undefined
          ? {}
          : { size: sealed.size, at: formatInstant(sealed.at), note: sealed.note }),
      })),
    };
  }

  @Get('journal')
  @Needs('journal:read')
  async journal(@Query() query: Record<string, unknown>): Promise<object> {
    const { chain, after, limit } = readPage(query);
    const to = Number.MAX_SAFE_INTEGER;
    const range = { chain, after, to, limit, disclosures: false };
    const entries = await this.#desk.database.entryReader.entries(range);
    const last = entries.at(-1);
    return {
      items: entries.map(({ sequence, type, at, leafHash, canonical }) => ({
        chain,
        sequence,
        type,
        at: formatInstant(at),
        leafHash,
        body: (JSON.parse(canonical) as { readonly body: object }).body,
      })),
      ...(entries.length === limit && last !== undefined
        ? { nextCursor: String(last.sequence) }
        : {}),
    };
  }

  @Get('decisions/:decisionId/replay')
  @Needs('journal:read')
  async replay(@Param('decisionId') decisionId: string): Promise<object> {
    const entry = await this.#desk.database.entryReader.decision(decisionId);
    if (entry === undefined)
      throw new Problem(404, 'decision_unknown', 'there is no such decision');
    return weighAgain(decisionBodyOf(entry), [this.#desk.policy()]);
  }

  @Get('exports')
  @Needs('journal:read')
  async exports(): Promise<object> {
    const { sealStore, entryReader } = this.#desk.database;
    const house = (await sealStore.chainEnds()).find(({ chain }) => chain === HOUSE_CHAIN);
    return { items: await listExports(entryReader, house?.head ?? 0, LISTED_MAX) };
  }

  @Post('exports')
  @HttpCode(201)
  @Needs('journal:export')
  async ask(@Body() body: unknown, @Req() request: IncomingMessage): Promise<object> {
    const asked = readExport(body, callerOf(request).name);
    const exportId = exportIdOf(asked, NODE_HASHING);
    await requestExport(this.#deps(), { ...asked, exportId });
    return { exportId, state: asked.mask === 'open' ? 'requested' : 'approved' };
  }

  @Post('exports/:exportId/approve')
  @HttpCode(200)
  @Needs('journal:approve-export')
  async approve(
    @Param('exportId') exportId: string,
    @Req() request: IncomingMessage,
  ): Promise<object> {
    const result = await approveExport(
      this.#deps(),
      readExportId(exportId),
      callerOf(request).name,
    );
    if (!result.ok) throw refused(result.code);
    return { exportId, state: 'approved' };
  }

  /** Made while it is downloaded, and journaled: only who asked for it gets it. */
  @Get('exports/:exportId/bundle')
  @Needs('journal:export')
  async bundle(
    @Param('exportId') id: string,
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const exportId = readExportId(id);
    const asked = await readRequest(this.#desk.database.entryReader, exportId);
    if (asked === undefined) throw refused('export_unknown');
    if (asked.by !== callerOf(request).name) throw refused('other_request');
    const refusal = await exportRefusal(this.#deps(), asked);
    if (refusal !== undefined) throw refused(refusal);
    const folder = await mkdtemp(join(tmpdir(), 'lengjing-export-'));
    try {
      await this.#make(asked, folder);
      response.setHeader('content-type', 'application/x-tar');
      response.setHeader('content-disposition', `attachment; filename="${exportId}.tar"`);
      response.setHeader('cache-control', 'no-store');
      for await (const piece of tarOf(folder, exportId)) {
        if (!response.write(piece)) await drained(response);
      }
      response.end();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async #make(asked: ExportRequest, folder: string): Promise<void> {
    const { database } = this.#desk;
    const deps = {
      ...this.#deps(),
      seals: database.sealStore,
      persons: database.personStore,
      holds: database.holdStore,
      hashing: NODE_HASHING,
      sink: makeBundleFolder(folder),
      journalName: await this.#journalName(),
    };
    try {
      const plans = await planExport(deps, asked.query);
      const { entry } = await makeExport(deps, asked, plans);
      const deadline = Date.now() + RECEIPT_MS_MAX;
      while (!(await writeReceipt(deps, entry))) {
        if (Date.now() > deadline) throw new NotSealed('the receipt was not sealed in time');
        await sleep(POLL_MS);
      }
    } catch (error) {
      if (error instanceof NotSealed) throw new Problem(503, 'not_sealed', error.message);
      throw error;
    }
  }

  async #journalName(): Promise<string> {
    const ends = await this.#desk.database.sealStore.chainEnds();
    const origin = ends.find(({ sealed }) => sealed !== undefined)?.sealed?.note.split('\n')[0];
    if (origin === undefined) throw new Problem(503, 'not_sealed', 'nothing was sealed yet');
    return origin.slice(0, origin.lastIndexOf('/'));
  }

  #deps() {
    const { unitOfWork, journalStore, entryReader } = this.#desk.database;
    return { unitOfWork, journal: journalStore, reader: entryReader, clock: SYSTEM_CLOCK };
  }
}

/** Also when the reader has gone. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once('drain', resolve);
    response.once('close', resolve);
  });
}

const REFUSALS: Readonly<
  Record<ExportRefusal, { readonly status: number; readonly detail: string }>
> = {
  export_unknown: { status: 404, detail: 'there is no such export' },
  needs_second_person: {
    status: 403,
    detail: 'an unmasked export is approved by another person than who asks for it',
  },
  not_approved: { status: 409, detail: 'a second person has not approved it yet' },
  approval_expired: { status: 409, detail: 'the approval is more than seven days old: ask again' },
  other_request: { status: 403, detail: 'it was asked for by somebody else, or in other words' },
};

function refused(code: ExportRefusal): Problem {
  const { status, detail } = REFUSALS[code];
  return new Problem(status, code, detail);
}
