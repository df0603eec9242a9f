/** Where the folder `shared` beside the checkout is: cases and data that are not part of the repository. */
import { resolve } from 'node:path';

const FOLDER = resolve('..', 'shared');

/** Path inside the shared folder. */
export function sharedPath(...parts: readonly string[]): string {
  return resolve(FOLDER, ...parts);
}
