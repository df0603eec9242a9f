/** Writes the pages under docs/ that are made from the code. Run by `npm run docs`, after a build. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { signalsPage } = await import('#domain');
const { defaultPolicy } = await import('#contracts');
const { openApiText } = await import('../dist/apps/ops-console/src/api/openapi.js');

mkdirSync(join(root, 'docs'), { recursive: true });
writeFileSync(join(root, 'docs', 'signals.md'), signalsPage(defaultPolicy()));
writeFileSync(join(root, 'docs', 'openapi.json'), openApiText());
