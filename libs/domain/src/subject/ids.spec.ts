/** Ids by CONTRACT, Outputs: UUIDv5 of what they name, against values computed by another program and another way. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decisionIdOf, holdIdOf, uuidV5 } from './ids.ts';

const sha1 = (bytes: Uint8Array): Uint8Array => createHash('sha1').update(bytes).digest();

/** RFC 9562, 5.5, written again. */
function uuidAgain(name: string): string {
  const digest = createHash('sha1')
    .update(Buffer.from('6c656e676a695e678000000000000001', 'hex'))
    .update(name, 'utf8')
    .digest('hex');
  const variant = ((Number.parseInt(digest.slice(16, 18), 16) % 64) | 128).toString(16);
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `5${digest.slice(13, 16)}`,
    variant + digest.slice(18, 20),
    digest.slice(20, 32),
  ].join('-');
}

describe('ids', () => {
  const subject = {
    source: 'https://platform.example/acceptance',
    kind: 'transfer',
    id: 'LI-t14',
  } as const;
  it('are what Python’s uuid.uuid5 gives', () => {
    expect(holdIdOf(subject, sha1)).toBe('afd1ea25-bc0b-5729-ac31-b7cdd858333f');
    expect(decisionIdOf(subject, 2, sha1)).toBe('297ee634-1183-53e9-b5b0-1dbe67f61cef');
    expect(holdIdOf({ source: 'urn:a', kind: 'draw', id: '借款-1' }, sha1)).toBe(
      '93717bbf-0aa6-5000-998a-c677ac996476',
    );
    expect(uuidV5('', sha1)).toBe('22a3ff1d-6569-56c0-a82f-9d5a47aabaaf');
  });

  it('are RFC 9562’s version 5 for any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        expect(uuidV5(name, sha1)).toBe(uuidAgain(name));
        expect(uuidV5(name, sha1)).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
      }),
      { numRuns: 300 },
    );
  });

  it('differ by source, kind, id and sequence', () => {
    const ids = [
      holdIdOf(subject, sha1),
      holdIdOf({ ...subject, source: 'urn:b' }, sha1),
      holdIdOf({ ...subject, kind: 'draw' }, sha1),
      holdIdOf({ ...subject, id: 'LI-t15' }, sha1),
      decisionIdOf(subject, 1, sha1),
      decisionIdOf(subject, 2, sha1),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});
