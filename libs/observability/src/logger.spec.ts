import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvariantBroken } from '#application';
import { FIELD_KINDS, type LogFields } from './fields.ts';
import { makeLogger, type Logger } from './logger.ts';

function logged(write: (log: Logger) => void, level: 'info' | 'silent' = 'info') {
  const lines: string[] = [];
  const log = makeLogger(
    { app: 'risk-engine', level, instanceId: 'engine-1' },
    { write: (line) => void lines.push(line) },
  );
  write(log);
  return { text: lines.join(''), lines: lines.map((line) => JSON.parse(line)) };
}

describe('the logger', () => {
  it('writes one JSON line with its level, program and fields', () => {
    const { lines } = logged((log) => log.info('batch committed', { partition: 3, count: 17 }));
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
        app: 'risk-engine',
        instance: 'engine-1',
        partition: 3,
        count: 17,
        msg: 'batch committed',
      },
    ]);
  });

  it('keeps fields for a part of the program', () => {
    const { lines } = logged((log) =>
      log.with({ component: 'publisher' }).warn('behind', { chain: 2, lag: 9 }),
    );
    expect(lines).toMatchObject([{ level: 'warn', component: 'publisher', chain: 2, lag: 9 }]);
  });

  it('leaves out what is below its level', () => {
    expect(logged((log) => log.debug('asleep')).lines).toEqual([]);
    expect(logged((log) => log.fatal('asleep'), 'silent').lines).toEqual([]);
  });

  // What an engine holds in its hands; none of these is a field.
  const personal = {
    payerId: 'acct-zhang',
    payeeId: 'acct-mule',
    accountId: 'acct-zhang',
    displayName: '张*',
    remark: 'tuikuan',
    amount: 691900,
    phone: '13800000000',
    code: '06919',
    digest: 'abcdef',
    token: 'bearer-token',
    password: 'hunter2',
    url: 'postgres://u:hunter2@h/d',
    sessionId: 'session-1',
    payer: { accountId: 'acct-zhang' },
  };

  it.each(Object.entries(personal))('does not know a field %s', (name, value) => {
    const more: object = { [name]: value };
    const fields: LogFields = { partition: 1, ...more };
    for (const { lines } of [
      logged((log) => log.info('said', fields)),
      logged((log) => log.with(fields).info('said')),
    ]) {
      expect(lines).toEqual([expect.objectContaining({ partition: 1 })]);
      expect(lines[0]).not.toHaveProperty(name);
    }
  });

  it('tells no sentence, no remark and no number beyond ASCII through any field', () => {
    const name = fc.constantFrom(...Object.keys(FIELD_KINDS));
    const told = fc.oneof(
      fc.string({ minLength: 1, unit: 'grapheme' }).map((text) => `‡${text} ‡`),
      fc.constant({ accountId: '‡' }),
      fc.constant(['‡']),
    );
    fc.assert(
      fc.property(name, told, (field, value) => {
        const { text } = logged((log) => log.info('said', { [field]: value }));
        expect(text).not.toContain('‡');
      }),
    );
  });

  it('has types that take only sentences of the source', () => {
    const remark: string = 'anything';
    logged((log) => {
      // @ts-expect-error a text known only at run time
      log.info(remark);
      // @ts-expect-error a text put together at run time
      log.info(`payer ${remark}`);
      // @ts-expect-error not a field
      log.info('said', { payerId: 'x' });
    });
  });
});

describe('errors in the log', () => {
  const line = (error: unknown) =>
    JSON.stringify(logged((log) => log.error('failed', { error })).lines[0]?.error);

  it('are told in full where the message is ours', () => {
    const text = line(new InvariantBroken('a position went backwards'));
    expect(text).toContain('a position went backwards');
    expect(text).toContain('InvariantBroken');
    expect(text).toContain('logger.spec');
  });

  const parseError = (): unknown => {
    try {
      return JSON.parse('hunter2');
    } catch (error) {
      return error;
    }
  };
  it.each<[string, unknown]>([
    ['a parser’s', parseError()],
    ['a library’s', new Error('value hunter2 is wrong')],
    ['one with facts', Object.assign(new Error('x'), { detail: 'hunter2', code: '23505' })],
    ['one of several lines', new Error('hunter2\n    hunter2\n    at hunter2 (x:1:1)')],
    ['one with a telling name', Object.assign(new Error('x'), { name: 'hunter2 is it' })],
    ['one with a cause', new Error('x', { cause: new Error('hunter2') })],
    ['a thrown text', 'hunter2'],
    ['a thrown object', { message: 'hunter2', name: 'Thing' }],
    ['nothing', undefined],
    ['null', null],
  ])('say nothing of the values of %s', (_what, error) => {
    const text = line(error) ?? '';
    expect(text).not.toContain('hunter2');
  });

  it('say the class and code', () => {
    const error = Object.assign(new TypeError('hunter2'), { code: 'ERR_X' });
    expect(JSON.parse(line(error) ?? '')).toMatchObject({ name: 'TypeError', code: 'ERR_X' });
  });
});
