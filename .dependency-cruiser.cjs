/** Who may import whom (DESIGN, Layout): domain ← contracts, application ← adapters ← apps. Proven in test/import-rules.spec.ts. */

const SPEC = '\\.spec\\.ts$';
/** npm packages and Node's own modules, wherever they were resolved. */
const NODE = '^(node:)?[a-z_/]+$';

/** Sources of a lib without its specs may import only what matches one of `allowed`. */
function only(name, from, allowed, comment) {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: from, pathNot: SPEC },
    to: { pathNot: allowed },
  };
}

const libs = (...names) => `^libs/(${names.join('|')})/src/`;
const adapter = (name) =>
  only(
    `${name}-stays-an-adapter`,
    libs(name),
    [
      libs(name, 'application', 'domain', 'contracts', 'config', 'observability'),
      'node_modules/',
      NODE,
    ],
    'Adapters know the ports, the domain, the wire formats, configuration and logs, and never each other.',
  );

/** `package` may be imported from `path` alone. */
const ownedBy = (name, packages, path) => ({
  name,
  comment: `Only ${path} knows ${packages}.`,
  severity: 'error',
  from: { path: '^(apps|libs)/', pathNot: path },
  to: { path: `node_modules/(${packages})/` },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment:
        'Files that run each other cannot be understood one by one. Types may refer to each other.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-unresolved',
      comment: 'What cannot be found will not run.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    only(
      'domain-imports-itself',
      libs('domain'),
      [libs('domain')],
      'The domain is pure: no npm package, no node:*, nothing of ours.',
    ),
    only(
      'contracts-import-domain',
      libs('contracts'),
      [libs('contracts', 'domain'), 'node_modules/ajv/', '^(node:)?(buffer|crypto|fs)$'],
      'Wire formats know the domain, the schema compiler, bytes, hashing and their own files.',
    ),
    only(
      'application-imports-domain',
      libs('application'),
      [libs('application', 'domain')],
      'Use cases declare the ports they need; whoever implements them imports us.',
    ),
    only(
      'config-imports-nothing',
      libs('config'),
      [libs('config'), '^(node:)?(util|crypto)$'],
      "Configuration is a pure function of the environment; hashes and randomness are the machine's.",
    ),
    only(
      'observability-imports-types',
      libs('observability'),
      [libs('observability', 'domain', 'application'), 'node_modules/(pino|prom-client)/', NODE],
      'Logs, metrics and health know what they count and nothing that they serve.',
    ),
    only(
      'reference-processor-stands-alone',
      libs('reference-processor'),
      [libs('reference-processor')],
      'What others copy brings nothing of ours with it.',
    ),
    adapter('persistence'),
    adapter('messaging'),
    adapter('notification'),
    ownedBy('kafkajs-behind-messaging', 'kafkajs', '^libs/messaging/'),
    ownedBy(
      'database-behind-persistence',
      'typeorm|pg|pg-.*',
      '^libs/(persistence|testing/src/postgres)',
    ),
    {
      name: 'no-app-imports-an-app',
      comment: 'Apps share libs, never each other.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'no-lib-imports-an-app',
      comment: 'Imports run one way.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'testing-only-in-tests',
      comment:
        'Stand-ins are for specs, for test/ and for `lengjing start`, with or without a broker.',
      severity: 'error',
      from: {
        path: '^(apps|libs)/',
        pathNot: [
          SPEC,
          '^libs/testing/',
          '^apps/cli/',
          '^apps/risk-engine/src/log-in-process\\.ts$',
        ],
      },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'libs-through-their-index',
      comment: 'An index exports what others need, nothing else.',
      severity: 'error',
      from: { path: '^(apps|libs)/([^/]+)/' },
      to: { path: '^libs/[^/]+/src/(?!index\\.ts$)', pathNot: '^$1/$2/' },
    },
    {
      name: 'no-development-packages',
      comment: 'What runs in production is a dependency, not a development one.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [SPEC, '^libs/testing/', '^apps/cli/'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-declared-packages',
      comment: 'A package that another one happened to bring may be gone tomorrow.',
      severity: 'error',
      from: { path: '^(apps|libs|test)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.lengjing|apps/ops-web)/' },
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
