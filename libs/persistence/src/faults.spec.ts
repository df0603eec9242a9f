import { describe, expect, it } from '@jest/globals';
import { InvariantBroken, TransientFault } from '#application';
import { faultOf } from './faults.ts';

const SECRET = 'acct-6222';
const thrown = (code: string | undefined, message = `value ${SECRET} is wrong`): Error =>
  Object.assign(new Error(message), {
    ...(code === undefined ? {} : { code }),
    detail: SECRET,
    where: SECRET,
  });

describe('the fault for what PostgreSQL or its driver throws', () => {
  it.each<[string, string | undefined, string, new (message: string) => Error]>([
    ['a connection that failed', '08006', 'x', TransientFault],
    ['a serialisation failure', '40001', 'x', TransientFault],
    ['a deadlock', '40P01', 'x', TransientFault],
    ['a full disk', '53100', 'x', TransientFault],
    ['too many connections', '53300', 'x', TransientFault],
    ['a shutdown', '57P01', 'x', TransientFault],
    ['a server that starts', '57P03', 'x', TransientFault],
    ['a statement over its time', '57014', 'x', TransientFault],
    ['a lock that was not free in time', '55P03', 'x', TransientFault],
    ['a session that sat still', '25P03', 'x', TransientFault],
    ['a refused connection', 'ECONNREFUSED', 'x', TransientFault],
    ['a reset connection', 'ECONNRESET', 'x', TransientFault],
    ['a name that is not found', 'ENOTFOUND', 'x', TransientFault],
    ['the driver’s lost connection', undefined, 'Connection terminated', TransientFault],
    ['the driver’s time limit', undefined, 'Query read timeout', TransientFault],
    ['a broken check', '23514', 'x', InvariantBroken],
    ['a key that is there', '23505', 'x', InvariantBroken],
    ['a refusal of the journal', '23001', 'x', InvariantBroken],
    ['a row hit twice', '21000', 'x', InvariantBroken],
    ['a number out of range', '22003', 'x', Error],
    ['a wrong password', '28P01', 'x', Error],
    ['a database that is missing', '3D000', 'x', Error],
    ['a statement that is wrong', '42P01', 'relation "x" does not exist', Error],
  ])('of %s', (_what, code, message, kind) => {
    const fault = faultOf(thrown(code, message), 'holds.save');
    expect(fault.constructor).toBe(kind);
    expect(fault.message).toMatch(/^database: /);
  });

  it.each(['23514', '22003', '40001', '28P01', 'XX000', 'ECONNRESET'])(
    'tells nothing of the values (%s)',
    (code) => {
      const fault = faultOf(thrown(code), 'holds.save');
      expect([fault.message, fault.stack, JSON.stringify(fault)].join()).not.toContain(SECRET);
      expect(fault.cause).toBeUndefined();
    },
  );

  it('passes on what is not the database’s', () => {
    const refusal = new RangeError('not ours');
    expect(faultOf(refusal, 'holds.save')).toBe(refusal);
    expect(faultOf('text', 'holds.save')).toBeInstanceOf(InvariantBroken);
  });
});
