/** Writes the published schema files: `node -C source libs/contracts/src/schemas/write-schemas.ts`, then prettier over them. */
import { writeFileSync } from 'node:fs';
import { publishedSchemas } from './published.ts';

for (const [name, schema] of publishedSchemas()) {
  const file = new URL(`../../schemas/${name}`, import.meta.url);
  writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
}
