/** The bans that no linter knows, as data: where each applies, what it finds, and a sample that it must find. */

export interface TidyRule {
  readonly name: string;
  readonly why: string;
  applies(path: string): boolean;
  /** What is wrong, one line each; nothing when all is well. */
  find(text: string, path: string): readonly string[];
  /** Path and text that break the rule. */
  readonly bad: readonly (readonly [string, string])[];
  /** Path and text that look like it and do not. */
  readonly good: readonly (readonly [string, string])[];
}

const LINES_MAX = 400;

const isCode = (path: string): boolean => /\.(ts|tsx|mjs|cjs|js)$/.test(path);
const isSpec = (path: string): boolean => path.endsWith('.spec.ts') || path.startsWith('test/');
const isCore = (path: string): boolean =>
  /^libs\/(domain|application)\/src\//.test(path) && !isSpec(path);
/** These hold the samples. */
const isTidy = (path: string): boolean => path.startsWith('test/tidy');
const isProduct = (path: string): boolean => /^(apps|libs)\//.test(path) && !isSpec(path);

/** The text with comments blanked out, line for line. A `//` inside a string that is a URL stays. */
export function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|[\s;{}(),])\/\/[^\n]*/g, (_all, before: string) => before);
}

function lines(pattern: RegExp, { comments = false } = {}): TidyRule['find'] {
  return (text) =>
    (comments ? text : withoutComments(text)).split('\n').flatMap((line, index) => {
      const match = pattern.exec(line);
      return match === null ? [] : [`${index + 1}: ${match[0].trim()}`];
    });
}

export const TIDY_RULES: readonly TidyRule[] = [
  {
    name: 'no decorators in the core',
    why: 'Nest wires; it never decides.',
    applies: isCore,
    find: lines(/^\s*@[A-Za-z]\w*/),
    bad: [['libs/domain/src/a.ts', '@Injectable()\nexport class A {}']],
    good: [['libs/domain/src/a.ts', '/**\n * @see RFC 8785\n */\nconst a = "x@y";']],
  },
  {
    name: 'no clock and no chance in the core',
    why: 'Time, ids and randomness enter through ports, so that every decision can be made again.',
    applies: isCore,
    find: lines(
      /\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b|\bperformance\.now\b|\brandom(UUID|Bytes)\s*\(\)/,
    ),
    bad: [
      ['libs/domain/src/a.ts', 'const at = Date.now();'],
      ['libs/domain/src/a.ts', 'const at = new Date();'],
      ['libs/application/src/a.ts', 'const id = Math.random();'],
      ['libs/application/src/a.ts', 'const id = randomUUID();'],
    ],
    good: [
      ['libs/domain/src/a.ts', '// Date.now is banned here\nconst d = new Date(at);'],
      ['libs/domain/src/a.spec.ts', 'Date.now()'],
      ['libs/messaging/src/a.ts', 'Date.now()'],
    ],
  },
  {
    name: 'no waiting in the domain',
    why: 'The domain is a pure function: whoever waits is around it.',
    applies: (path) => isCore(path) && path.startsWith('libs/domain/'),
    find: lines(/\bset(Timeout|Interval|Immediate)\s*\(|\bawait\b|\bnew Promise\b/),
    bad: [
      ['libs/domain/src/a.ts', 'setTimeout(again, 5);'],
      ['libs/domain/src/a.ts', 'const a = await b;'],
    ],
    good: [
      ['libs/domain/src/a.ts', '// setTimeout( is awaited elsewhere'],
      ['libs/application/src/a.ts', 'setTimeout(again, 5);'],
    ],
  },
  {
    name: 'no console',
    why: 'Programs log through the logger, which cannot tell personal values.',
    applies: (path) => isCode(path) && !/^(apps\/cli|scripts)\//.test(path) && !isTidy(path),
    find: lines(/(?<![/-])\bconsole\.\w+/),
    bad: [
      ['libs/persistence/src/a.ts', 'console.log(row);'],
      ['apps/risk-engine/src/main.ts', "console.error('x');"],
      ['test/integration/a.spec.ts', 'console.table(rows);'],
    ],
    good: [
      ['apps/cli/src/a.ts', 'console.log(1)'],
      ['scripts/a.mjs', 'console.log(1)'],
      ['apps/ops-console/src/a.ts', 'the console. Then'],
      ['apps/ops-console/src/a.ts', "import { A } from './console.module.ts';"],
    ],
  },
  {
    name: 'the environment is read once',
    why: 'Only main.ts hands it to libs/config, which checks all of it.',
    applies: (path) =>
      isProduct(path) && isCode(path) && !/^apps\/[^/]+\/src\/main\.ts$|^libs\/config\//.test(path),
    find: lines(/\bprocess\s*(\.\s*env\b|\[['"]env['"]\])|\benv\b.*from 'node:process'/),
    bad: [
      ['libs/messaging/src/a.ts', 'const b = process.env.KAFKA_BROKERS;'],
      ['apps/risk-engine/src/app.ts', "process['env']"],
      ['libs/testing/src/a.ts', "import { env } from 'node:process';"],
    ],
    good: [
      ['apps/cli/src/main.ts', 'run(process.env)'],
      ['libs/config/src/a.ts', 'process.env'],
      ['libs/domain/src/a.spec.ts', 'process.env'],
    ],
  },
  {
    name: 'nothing left to do later',
    why: 'What is open is an issue, not a comment.',
    applies: (path) => isCode(path) && !isTidy(path),
    find: lines(/\b(TODO|FIXME|HACK)\b/, { comments: true }),
    bad: [
      ['libs/domain/src/a.ts', '// TODO: later'],
      ['test/a.spec.ts', '/* FIXME */'],
    ],
    good: [['libs/domain/src/a.ts', "const currency = 'XXX'; // todos are fine as a word"]],
  },
  {
    name: `no file over ${LINES_MAX} lines`,
    why: 'A file that long is two files.',
    // The auditor's verifier is one file on purpose: it is read whole, and depends on nothing.
    applies: (path) =>
      isCode(path) && !path.includes('/migrations/') && path !== 'tools/verify/lengjing-verify.mjs',
    find: (text) => {
      const count = text.trimEnd().split('\n').length;
      return count > LINES_MAX ? [`${count} lines`] : [];
    },
    bad: [['libs/domain/src/a.ts', 'a;\n'.repeat(LINES_MAX + 1)]],
    good: [
      ['libs/domain/src/a.ts', 'a;\n'.repeat(LINES_MAX)],
      ['libs/persistence/src/migrations/a.ts', 'a;\n'.repeat(LINES_MAX + 1)],
    ],
  },
  {
    name: 'a file says why it exists',
    why: 'One sentence before anything else.',
    applies: (path) => isProduct(path) && path.endsWith('.ts'),
    find: (text) => (/^(#![^\n]*\n)?\s*(\/\*|\/\/)/.test(text) ? [] : ['1: no opening comment']),
    bad: [['libs/domain/src/a.ts', "import './b.ts';\n/** Later. */"]],
    good: [
      ['libs/domain/src/a.ts', '/** Why. */\nconst a = 1;'],
      ['apps/cli/src/main.ts', '#!/usr/bin/env node\n/** Why. */'],
      ['libs/domain/src/a.spec.ts', 'import x;'],
    ],
  },
  {
    name: 'no path of a machine',
    why: 'What is committed works on any machine.',
    applies: (path) => !isTidy(path),
    find: lines(/(?<![\w.~$}-])\/(work|tmp|root)\/[\w.-]+/, { comments: true }),
    bad: [
      ['README.md', 'see /work/shared/DESIGN.md'],
      ['deploy/compose.yaml', 'log.dirs=/tmp/kafka-logs'],
      ['.npmrc', 'cache=/root/.npm'],
    ],
    good: [
      ['deploy/compose.yaml', 'tmpfs: /tmp\nwork: ./work/a $HOME/tmp/b https://host/work.html'],
    ],
  },
  {
    name: 'no registry host',
    why: 'Whoever installs uses the registry or mirror of their own settings.',
    applies: (path) => !isTidy(path),
    find: lines(
      /registry\.(npmjs|yarnpkg|npmmirror)\.\w+|repo\d*\.maven\.(apache\.)?org|(files\.)?pythonhosted\.org|pypi\.org|static\.crates\.io|proxy\.golang\.org|deb\.debian\.org/,
      { comments: true },
    ),
    bad: [
      ['package-lock.json', '"resolved": "https://registry.npmjs.org/a/-/a-1.0.0.tgz"'],
      ['deploy/kafka/pom.xml', '<url>https://repo.maven.apache.org/maven2</url>'],
      ['deploy/Dockerfile', 'RUN curl https://repo1.maven.org/maven2/x.jar'],
    ],
    good: [['deploy/kafka/pom.xml', 'xmlns="http://maven.apache.org/POM/4.0.0"']],
  },
  {
    name: 'no test left out',
    why: 'A test that does not run proves nothing.',
    applies: (path) => isSpec(path) && isCode(path) && !isTidy(path) && path !== 'test/shared.ts',
    find: lines(
      /\b(it|test|describe)\s*(\.each\S*)?\s*\.\s*(skip|only|todo|failing)\b|\b(x|f)(it|test|describe)\s*\(/,
    ),
    bad: [
      ['libs/domain/src/a.spec.ts', "it.skip('x', () => {});"],
      ['libs/domain/src/a.spec.ts', "describe.only('x', () => {});"],
      ['test/a.spec.ts', "test.todo('x');"],
      ['test/a.spec.ts', "xit('x');"],
      ['test/a.spec.ts', "  fdescribe('x');"],
    ],
    good: [
      ['libs/domain/src/a.spec.ts', "it.each([1])('x'); unit('y'); exit(1); // it.skip"],
      ['test/shared.ts', 'describe.skip(name)'],
    ],
  },
  {
    name: 'one writer of the journal',
    why: 'Sequence, seal and chain are right because only one statement appends.',
    applies: (path) => isProduct(path) && path !== 'libs/persistence/src/journal-store.ts',
    find: (text) => {
      const match =
        /(INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE|COPY)\s+"?journal"?(?![\w.])/i.exec(
          withoutComments(text),
        );
      return match === null ? [] : [match[0]];
    },
    bad: [
      ['libs/persistence/src/a.ts', 'query(`INSERT INTO journal (chain) VALUES (1)`)'],
      ['apps/ops-console/src/a.ts', 'query(`insert into\n  "journal" values (1)`)'],
      ['apps/risk-worker/src/a.ts', "query('UPDATE journal SET at = 1')"],
    ],
    good: [
      ['libs/persistence/src/a.ts', 'INSERT INTO journal_disclosures'],
      ['libs/persistence/src/migrations/a.ts', 'BEFORE UPDATE OR DELETE ON journal'],
    ],
  },
  {
    name: 'no way around types and lint',
    why: 'A suppression hides the next mistake too.',
    applies: (path) => isCode(path) && !isTidy(path),
    find: lines(/\bas unknown as\b|@ts-(ignore|nocheck)|(ox|es)lint-disable|prettier-ignore/, {
      comments: true,
    }),
    bad: [
      ['libs/domain/src/a.ts', 'const a = b as unknown as C;'],
      ['libs/domain/src/a.ts', '// @ts-ignore'],
      ['scripts/a.mjs', '// oxlint-disable-next-line no-console'],
    ],
    good: [['libs/domain/src/a.ts', 'const a: unknown = b; // as unknown']],
  },
  {
    name: 'names that say something',
    why: 'Manager, Helper, Util, Common and Base say nothing; an I in front says less.',
    applies: (path) => isCode(path) && !isTidy(path),
    find: (text, path) => [
      ...(/(^|[-/])(managers?|helpers?|utils?|common|base)\.\w+$/.test(path) ? [path] : []),
      ...lines(
        /\b(class|interface|type|function|const|enum)\s+(\w*(Manager|Helper|Utils?|Common|Base)\b|I[A-Z][a-z]\w*\b)/,
      )(text, path),
    ],
    bad: [
      ['libs/domain/src/hold-utils.ts', ''],
      ['libs/domain/src/a.ts', 'export class HoldManager {}'],
      ['libs/domain/src/a.ts', 'interface IHold {}'],
    ],
    good: [
      [
        'libs/domain/src/database.ts',
        'interface Input {} type Instant = number; const Database = 1;',
      ],
    ],
  },
];
