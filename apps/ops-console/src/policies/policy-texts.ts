/** Policy documents read, checked and compared for people. */
import { readPolicy } from '#contracts';
import type { Json, Policy } from '#domain';
import type { Backtest, LintReport, PolicyDiff } from '../api/policies.ts';

/** The document as text with line ends, so that findings have lines. */
export function documentText(document: unknown): string {
  return JSON.stringify(document, null, 2);
}

export function lintReport(text: string): LintReport {
  const read = readPolicy(text);
  if (read.ok) return { ok: true, findings: [] };
  return {
    ok: false,
    findings: read.problems.map(({ line, path, message }) => ({
      severity: 'error' as const,
      path,
      line,
      message,
    })),
  };
}

type Changes = PolicyDiff['changes'];

/** Every leaf that differs, in words and numbers; at most 500. */
export function policyChanges(before: unknown, after: unknown): Changes {
  const changes: Changes = [];
  compare('', before as Json, after as Json, changes);
  return changes.slice(0, CHANGES_MAX);
}

const CHANGES_MAX = 500;

function compare(
  path: string,
  before: Json | undefined,
  after: Json | undefined,
  into: Changes,
): void {
  if (isObject(before) && isObject(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    for (const name of names) {
      compare(path === '' ? name : `${path}.${name}`, before[name], after[name], into);
    }
    return;
  }
  const [was, is] = [JSON.stringify(before), JSON.stringify(after)];
  if (was === is) return;
  into.push({
    path,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    text: { 'zh-CN': `${path}：${zh(was)} → ${zh(is)}`, en: `${path}: ${en(was)} → ${en(is)}` },
  });
}

const SHOWN = 120;

function zh(text: string | undefined): string {
  return text === undefined ? '无' : text.slice(0, SHOWN);
}

function en(text: string | undefined): string {
  return text === undefined ? 'none' : text.slice(0, SHOWN);
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parts of a policy that shape the facts themselves: on record they are as the policy of their time gathered them. */
const GATHERED = ['windows', 'pretexts', 'catalogue', 'listedPayees', 'codes'] as const;

/** What weighing facts again cannot show, in words. */
export function cannotShow(live: Policy, draft: Policy): Backtest['cannotShow'] {
  return GATHERED.filter((name) => JSON.stringify(live[name]) !== JSON.stringify(draft[name])).map(
    (name) => ({
      'zh-CN': `“${name}”有改动：它决定收集哪些事实，已记录的事实看不出它的影响，请先影子运行`,
      en: `“${name}” is changed: it decides which facts are gathered, so facts on record cannot show its effect; run it in simulation as well`,
    }),
  );
}
