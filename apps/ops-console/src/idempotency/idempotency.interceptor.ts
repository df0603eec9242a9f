/** Commands with an `idempotency-key` are done once: the same key and body gets the first answer again, whatever was lost on the way. */
import { createHash } from 'node:crypto';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { HttpException } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { from, lastValueFrom, type Observable } from 'rxjs';
import type { AnswerStore, Clock } from '#application';
import { callerOf } from '../access/needs.ts';
import { Problem } from '../problem.ts';
import { bad } from '../reading.ts';

/** After so long without an answer the first try is taken for lost. */
const LOST_MS = 60_000;
const KEY = /^[\x21-\x7e]{8,128}$/;

interface Asked {
  readonly caller: string;
  readonly key: string;
  readonly fingerprint: string;
}

export class IdempotencyInterceptor implements NestInterceptor {
  readonly #answers: AnswerStore;
  readonly #clock: Clock;

  constructor(answers: AnswerStore, clock: Clock) {
    this.#answers = answers;
    this.#clock = clock;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<IncomingMessage & { body?: unknown }>();
    const key = request.headers['idempotency-key'];
    if (request.method !== 'POST' || key === undefined) return next.handle();
    if (typeof key !== 'string' || !KEY.test(key)) {
      throw bad('idempotency-key must be 8 to 128 printable characters without spaces');
    }
    const { kind, name } = callerOf(request);
    const text = `${request.url ?? ''}\n${JSON.stringify(request.body ?? null)}`;
    const fingerprint = createHash('sha256').update(text).digest('hex');
    const asked = { caller: `${kind} ${name}`, key, fingerprint };
    return from(this.#once(asked, context.switchToHttp().getResponse(), next));
  }

  async #once(asked: Asked, response: ServerResponse, next: CallHandler): Promise<unknown> {
    const { caller, key, fingerprint } = asked;
    const now = this.#clock.now();
    const known = await this.#answers.begin(caller, key, fingerprint, now);
    if (known !== undefined) {
      if (known.fingerprint !== fingerprint) {
        throw new Problem(
          422,
          'key_reused',
          'this idempotency-key came with another request before',
        );
      }
      if (known.answer !== undefined) return answerAgain(known.answer, response);
      if (!(await this.#answers.takeOver(caller, key, now - LOST_MS, now))) {
        throw new Problem(
          409,
          'in_progress',
          'the first request with this key is still being done',
        );
      }
    }
    return this.#work(asked, response, next);
  }

  async #work(
    { caller, key }: Asked,
    response: ServerResponse,
    next: CallHandler,
  ): Promise<unknown> {
    try {
      const value: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
      const body = JSON.stringify(value ?? null);
      await this.#answers.keep(caller, key, { status: response.statusCode, body });
      return value;
    } catch (error) {
      // A refusal is an answer; what may pass by itself is none, and may be tried again under the same key.
      const refusal = error instanceof Problem && error.details.status < 500 ? error : undefined;
      if (refusal === undefined || error instanceof HttpException) {
        await this.#answers.forget(caller, key);
      } else {
        const body = JSON.stringify(refusal.details);
        await this.#answers.keep(caller, key, { status: refusal.details.status, body });
      }
      throw error;
    }
  }
}

function answerAgain(
  { status, body }: { readonly status: number; readonly body: string },
  response: ServerResponse,
): unknown {
  response.setHeader('idempotent-replayed', 'true');
  const value: unknown = JSON.parse(body);
  if (status < 400) return value;
  const { code, detail } = value as { readonly code: string; readonly detail: string };
  throw new Problem(status, code, detail);
}
