/** Pages made from the code say what the code says today. */
import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { defaultPolicy } from '#contracts';
import { signalsPage } from '#domain';
import { openApiText } from '../apps/ops-console/src/api/openapi.ts';

it('docs/signals.md is what `npm run docs` writes', () => {
  const page = readFileSync(new URL('../docs/signals.md', import.meta.url), 'utf8');
  expect(page).toBe(signalsPage(defaultPolicy()));
});

it('docs/openapi.json is what `npm run docs` writes', () => {
  const document = readFileSync(new URL('../docs/openapi.json', import.meta.url), 'utf8');
  expect(document).toBe(openApiText());
});
