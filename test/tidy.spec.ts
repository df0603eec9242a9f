/** The repository tests itself: every ban over every file, and every ban on a sample that it must find. */
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { TIDY_RULES } from './tidy-rules.ts';

const NOT_OURS = new Set(['node_modules', 'dist', '.git', '.lengjing', 'coverage']);
const TEXT = /\.(ts|tsx|mjs|cjs|js|json|jsonl|md|ya?ml|xml|properties|sha256|sql|css|html)$/;
const NAMED = /^(Dockerfile|run|LICENSE|\.(env\.example|npmrc|swcrc|gitignore|prettierignore))$/;

/** Every text file of the repository, with forward slashes. */
function files(folder = ''): readonly string[] {
  return readdirSync(folder === '' ? '.' : folder, { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : files(path);
    return entry.isFile() && (TEXT.test(entry.name) || NAMED.test(entry.name)) ? [path] : [];
  });
}

const texts = new Map(files().map((path) => [path, readFileSync(path, 'utf8')]));

function findings(find: (text: string, path: string) => readonly string[], path: string): string[] {
  return find(texts.get(path) ?? '', path).map((one) => `${path}:${one}`);
}

describe.each(TIDY_RULES)('$name', (rule) => {
  it(`holds: ${rule.why}`, () => {
    const paths = [...texts.keys()].filter((path) => rule.applies(path));
    expect(paths.flatMap((path) => findings((text, of) => rule.find(text, of), path))).toEqual([]);
  });

  it('looks at something', () => {
    expect([...texts.keys()].some((path) => rule.applies(path))).toBe(true);
  });

  it.each(rule.bad)('is broken by %s: %j', (path, text) => {
    expect(rule.applies(path)).toBe(true);
    expect(rule.find(text, path)).not.toEqual([]);
  });

  it.each(rule.good)('is not broken by %s: %j', (path, text) => {
    expect(rule.applies(path) ? rule.find(text, path) : []).toEqual([]);
  });
});

describe('libs', () => {
  const libs = readdirSync('libs');
  const { imports } = JSON.parse(texts.get('package.json') ?? '') as {
    readonly imports: Readonly<Record<string, { readonly source: string }>>;
  };

  it.each(libs)('%s is imported by its index', async (lib) => {
    expect(imports[`#${lib}`]?.source).toBe(`./libs/${lib}/src/index.ts`);
    const exported = (await import(`../libs/${lib}/src/index.ts`)) as object;
    expect(Object.keys(exported).length).toBeGreaterThan(0);
  });
});

/** Names of topics in a deployment file, whatever else it says about them. */
export function declaredTopics(yaml: string): readonly string[] {
  const { topics } = parse(yaml) as { readonly topics: Readonly<Record<string, object>> };
  return Object.keys(topics);
}

/** Texts in code that name a topic: ours by their first word, so that event types are not taken for topics. */
export function namedTopics(code: string): readonly string[] {
  const names =
    /['"`]((?:payments|payer|session|identity|holds|credit)\.(?:transfers|profiles|signals|codes|responses|draws)(?:\.dlq)?|risk\.[a-z]+(?:-[a-z]+)*(?:\.dlq)?)['"`]/g;
  return [...code.matchAll(names)].map((match) => match[1] ?? '');
}

describe('topics', () => {
  const used = [...texts].flatMap(([path, text]) =>
    /^(apps|libs)\/.*\.ts$/.test(path) && !path.endsWith('.spec.ts') ? namedTopics(text) : [],
  );

  it('are found in code, and event types are not', () => {
    const code = `'payments.transfers' "risk.holds" 'identity.codes.dlq' 'payer.responded' 'credit.drawn'`;
    expect(namedTopics(code)).toEqual(['payments.transfers', 'risk.holds', 'identity.codes.dlq']);
    expect(used).toContain('payments.transfers');
  });

  it('that code names are declared in deploy/topics.yml', () => {
    const file = 'deploy/topics.yml';
    expect(declaredTopics('partitions: 1\ntopics:\n  a.b: { cleanup: compact }\n')).toEqual([
      'a.b',
    ]);
    const declared = new Set(declaredTopics(texts.get(file) ?? ''));
    expect(used.filter((topic) => !declared.has(topic))).toEqual([]);
    expect([...declared].filter((topic) => !used.includes(topic.replace('.dlq', '')))).toEqual([]);
  });
});
