/** The transfer or draw inside a refused record, where it can be named: it still gets a decision (CONTRACT, Refusing). */
import { hash } from 'node:crypto';
import type { RefusedSubject } from '#domain';
import { money, sourceUri, time, token } from '../shape/leaves.ts';
import { Refused } from '../shape/refused.ts';
import { isObject, type Shape } from '../shape/shape.ts';
import type { WireRecord } from '../wire.ts';
import { clampTime, type GivenEvent } from './read-event.ts';

/** In whatever version: a platform that is ahead of us still waits for a decision. */
const REQUEST_TYPE = /^io\.lengjing\.(transfer\.requested|credit\.draw-requested)\.v[1-9]\d*$/;

/**
 * What a decision about the refused record needs, or undefined: it is no request, or source, id or payer cannot be read.
 * Whatever else is wrong with it is passed over, also a wrong partition: the decision then stands in that partition's chain.
 */
export function refusedSubject(record: WireRecord, given: GivenEvent): RefusedSubject | undefined {
  const { attributes, data } = given;
  const type = typeof attributes.type === 'string' ? REQUEST_TYPE.exec(attributes.type) : null;
  if (type === null || !isObject(data) || !isObject(data['payer'])) return undefined;
  const kind = type[1] === 'transfer.requested' ? 'transfer' : 'draw';
  const source = readable(sourceUri, attributes.source);
  const id = readable(token, data[kind === 'transfer' ? 'transferId' : 'drawId']);
  const payerId = readable(token, data['payer']['accountId']);
  if (source === undefined || id === undefined || payerId === undefined) return undefined;
  const requestedAt = readable(time, attributes.time) ?? record.brokerTime;
  const amount = readable(money, data['amount']);
  const decideBy = readable(time, data['decideBy']);
  return {
    subject: { source, kind, id },
    payerId,
    requestedAt: clampTime(requestedAt, record.brokerTime).time,
    ...(amount === undefined ? {} : { amount }),
    ...(decideBy === undefined ? {} : { decideBy }),
    contentHash: hash('sha256', record.value ?? new Uint8Array(), 'base64url'),
  };
}

function readable<T>(shape: Shape<T>, value: unknown): T | undefined {
  const taken = shape.read(value);
  return taken instanceof Refused ? undefined : taken;
}
