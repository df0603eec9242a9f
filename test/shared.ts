/** Specs that read the folder `shared` beside the checkout: cases and data that are not part of the repository. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe } from '@jest/globals';

const FOLDER = resolve('..', 'shared');

/** Path inside the shared folder. */
export function sharedPath(...parts: readonly string[]): string {
  return resolve(FOLDER, ...parts);
}

/** As `describe`, and skipped with a message that says why where the folder is not there. */
export function describeWithShared(name: string, specs: () => void): void {
  if (existsSync(FOLDER)) describe(name, specs);
  else describe.skip(`${name} (needs the folder ../shared, which is not there)`, specs);
}
