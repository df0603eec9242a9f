/** Every migration in order. An explicit list, since globs do not survive bundling. */
import { FirstSchema1763900000000 } from './first-schema.ts';

export const MIGRATIONS = [FirstSchema1763900000000];
