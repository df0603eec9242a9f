/** What the apps may use of PostgreSQL. */
export { makeBundleFolder } from './bundle-folder.ts';
export { openDatabase, type Database, type DatabaseConfig } from './database.ts';
export { ERASE_MAX, type Erased, type Retention } from './erase.ts';
