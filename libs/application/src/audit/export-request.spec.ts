/** What is asked for as one line and back, and what a masked export shows. */
import { describe, expect, it } from '@jest/globals';
import { parseQuery, queryText, type ExportQuery } from './export-request.ts';
import { maskText, maskValue } from './mask.ts';

const AT = Date.UTC(2026, 10, 24);

describe('a query', () => {
  it.each<[ExportQuery, string]>([
    [{ kind: 'range' }, 'range'],
    [
      { kind: 'range', from: AT, to: AT + 1 },
      'range from=2026-11-24T00:00:00.000Z to=2026-11-24T00:00:00.001Z',
    ],
    [{ kind: 'reason', code: 'CD1', to: AT }, 'reason CD1 to=2026-11-24T00:00:00.000Z'],
    [{ kind: 'hold', holdId: 'h-1' }, 'hold h-1'],
    [{ kind: 'case', caseId: 'c-1' }, 'case c-1'],
    [{ kind: 'payer', payerId: '张 三' }, 'payer 张 三'],
  ])('%j is written %j and read again', (query, text) => {
    expect(queryText(query)).toBe(text);
    expect(parseQuery(text)).toEqual(query);
  });

  it('names a payer only where values are disclosed', () => {
    expect(queryText({ kind: 'payer', payerId: 'acct-1' }, 'masked')).toBe('payer ****');
    expect(queryText({ kind: 'payer', payerId: 'acct-1' }, 'closed')).toBe('payer ****');
  });

  it.each(['', 'hold', 'everything now'])('%j is none', (text) => {
    expect(parseQuery(text)).toBeUndefined();
  });
});

describe('a masked value', () => {
  it.each([
    ['acct-6222021234', '****1234'],
    ['short', '****'],
    ['张三', '****'],
    ['这笔钱还没有转出，请先挂断电话。', '****'],
    ['Ouyang Xiaoming', '****'],
  ])('%j is shown as %j', (text, shown) => {
    expect(maskText(text)).toBe(shown);
  });

  it('keeps its shape and says nothing', () => {
    expect(
      maskValue({
        source: 'urn:bank',
        id: 'transfer-77-2026',
        tries: 3,
        list: ['张三'],
        none: null,
      }),
    ).toEqual({
      source: 'urn:bank',
      id: '****2026',
      tries: '****',
      list: ['****'],
      none: null,
    });
  });
});
