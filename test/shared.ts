/** Specs that read the folder `shared` beside the checkout: cases and data that are not part of the repository. */
import { existsSync } from 'node:fs';
import { describe } from '@jest/globals';
import { sharedPath } from './shared-path.ts';

export { sharedPath };

/** As `describe`, and skipped with a message that says why where the folder is not there. */
export function describeWithShared(name: string, specs: () => void): void {
  if (existsSync(sharedPath())) describe(name, specs);
  else describe.skip(`${name} (needs the folder ../shared, which is not there)`, specs);
}
