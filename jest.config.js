/** Jest on native ES modules; SWC strips the types as in the build, `tsc` checks them. */
import { readFileSync } from 'node:fs';

const { jsc, ...rest } = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));
// Specs run on the sources, whose imports end in .ts.
const swc = [
  '@swc/jest',
  {
    ...rest,
    jsc: { ...jsc, rewriteRelativeImportExtensions: false },
    sourceMaps: 'inline',
    swcrc: false,
  },
];

const shared = {
  testEnvironment: 'node',
  // `source` makes the `#lib` imports of package.json resolve to TypeScript instead of the build.
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': swc },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.lengjing/'],
};

export default {
  maxWorkers: 2,
  // A server's first start unpacks and initialises. (Jest takes no limit per project.)
  testTimeout: 60_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/{apps,libs}/**/*.spec.ts',
        '<rootDir>/test/*.spec.ts',
        '<rootDir>/test/{contract,proofs,simulation}/**/*.spec.ts',
      ],
    },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['<rootDir>/test/{integration,e2e}/**/*.spec.ts'],
      // One PostgreSQL and one Kafka for the whole run, started when the first spec asks.
      globalSetup: '<rootDir>/test/integration/setup.mjs',
      globalTeardown: '<rootDir>/test/integration/teardown.mjs',
    },
  ],
};
