/** Early release by two people: one asks with a recorded contact, another one agrees. */
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import {
  decideRelease,
  requestRelease,
  type CareDeps,
  type ContactChannel,
  type ReleaseRequestResult,
} from '#application';
import { Needs, callerOf } from '../access/bearer.guard.ts';
import {
  bad,
  member,
  readHoldId,
  readInstant,
  readKey,
  readOneOf,
  readReason,
} from './hold-requests.ts';
import { releaseRequestView } from './care-views.ts';
import { holdView } from './hold-view.ts';
import { refusalProblem } from './refusals.ts';

export const CARE_DEPS = Symbol('care deps');

const CHANNELS: readonly ContactChannel[] = ['phone', 'branch', 'video'];

@Controller('api/v1')
export class ReleasesController {
  readonly #deps: CareDeps;

  constructor(@Inject(CARE_DEPS) deps: CareDeps) {
    this.#deps = deps;
  }

  @Get('holds/:holdId/release-requests')
  @Needs('holds:read')
  async list(@Param('holdId') holdId: string): Promise<object> {
    const requests = await this.#deps.care.releaseRequestsOf([readHoldId(holdId)]);
    return { items: requests.map(releaseRequestView) };
  }

  @Post('holds/:holdId/release-requests')
  @Needs('holds:release')
  async ask(
    @Param('holdId') holdId: string,
    @Body() body: unknown,
    @Req() request: IncomingMessage,
  ): Promise<object> {
    const contact = member(body, 'contact');
    const reference = member(contact, 'reference');
    if (typeof reference !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(reference)) {
      throw bad(
        'contact.reference must say where the contact is on record: at most 128 characters',
      );
    }
    const result = await requestRelease(this.#deps, {
      holdId: readHoldId(holdId),
      reason: readReason(body),
      contact: {
        channel: readOneOf(contact, 'channel', CHANNELS),
        at: readInstant(contact, 'at'),
        reference,
      },
      by: callerOf(request).name,
      key: readKey(request.headers),
    });
    return answered(result);
  }

  @Post('release-requests/:requestId/approve')
  @HttpCode(200)
  @Needs('holds:approve-release')
  approve(@Param('requestId') requestId: string, @Req() request: IncomingMessage): Promise<object> {
    return this.#decide(requestId, 'approve', request);
  }

  @Post('release-requests/:requestId/decline')
  @HttpCode(200)
  @Needs('holds:release')
  decline(@Param('requestId') requestId: string, @Req() request: IncomingMessage): Promise<object> {
    return this.#decide(requestId, 'decline', request);
  }

  async #decide(
    requestId: string,
    verdict: 'approve' | 'decline',
    request: IncomingMessage,
  ): Promise<object> {
    const by = callerOf(request).name;
    return answered(await decideRelease(this.#deps, { requestId, verdict, by }));
  }
}

function answered(result: ReleaseRequestResult): object {
  if (!result.ok) throw refusalProblem(result.code);
  return { ...releaseRequestView(result.request), hold: holdView(result.hold) };
}
