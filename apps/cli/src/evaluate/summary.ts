/** What `lengjing replay` says instead of assessments: counts, reasons, labels, and what another policy would have done. */
import { TIERS, tierRank } from '#domain';
import type { Labels } from './labels-file.ts';
import { Outcomes, percent, shareText } from './outcomes.ts';
import { clopperPearson } from './statistics.ts';
import type { Verdict, Verdicts } from './verdicts.ts';

/** Subjects, tiers, holds, and a table of reasons. */
export function summaryText(verdicts: Verdicts, events: number): string {
  const all = [...verdicts.all()];
  const lines = [
    `${count(events)} events, ${count(all.length)} subjects decided, ${count(verdicts.decisions)} decisions with superseding ones`,
  ];
  for (const kind of ['transfer', 'draw'] as const) {
    const of = all.filter((one) => one.kind === kind);
    if (of.length === 0) continue;
    const held = of.filter(({ outcome }) => outcome === 'hold').length;
    const warned = of.filter(({ outcome }) => outcome === 'warn').length;
    lines.push(
      '',
      `${kind}s: ${count(of.length)}, warned ${count(warned)}, held ${shareText(clopperPearson(held, of.length))}`,
      ...TIERS.map((tier) => {
        const n = of.filter((one) => one.tier === tier).length;
        return `  ${tier}  ${count(n).padStart(10)}  ${percent(n / of.length)} %`;
      }),
    );
  }
  return `${[...lines, '', ...reasonLines(all)].join('\n')}\n`;
}

function reasonLines(all: readonly Verdict[]): string[] {
  const rows = new Map<string, { subjects: number; held: number; tenths: number }>();
  for (const { reasons, outcome } of all) {
    for (const { code, tenths } of reasons) {
      const row = rows.get(code) ?? { subjects: 0, held: 0, tenths: 0 };
      row.subjects += 1;
      row.held += Number(outcome === 'hold');
      row.tenths += tenths;
      rows.set(code, row);
    }
  }
  const sorted = [...rows].sort(
    ([a, x], [b, y]) => y.held - x.held || y.subjects - x.subjects || (a < b ? -1 : 1),
  );
  return [
    `${'reason'.padEnd(24)}${'subjects'.padStart(10)}${'held'.padStart(10)}${'mean dB'.padStart(10)}`,
    ...sorted.map(
      ([code, { subjects, held, tenths }]) =>
        `${code.padEnd(24)}${count(subjects).padStart(10)}${count(held).padStart(10)}${(tenths / 10 / subjects).toFixed(1).padStart(10)}`,
    ),
  ];
}

/** Recall and precision per tier over the transfers that have a label; says how many have none on either side. */
export function labelsText(verdicts: Verdicts, labels: Labels): string {
  const outcomes = new Outcomes();
  let missing = 0;
  for (const [transferId, label] of labels) {
    const verdict = verdicts.of('transfer', transferId);
    if (verdict === undefined) missing += 1;
    else outcomes.add(label, verdict);
  }
  let unlabelled = 0;
  for (const { kind, id } of verdicts.all())
    if (kind === 'transfer' && !labels.has(id)) unlabelled += 1;
  return `${[
    'against the labels (95 % intervals, Clopper-Pearson)',
    ...outcomes
      .perTier()
      .map(({ tier, recall, precision, honest }) =>
        [
          `  held at ${tier}${tier === 'T4' ? '' : ' or above'}`,
          `    recall     ${shareText(recall)}`,
          `    precision  ${shareText(precision)}`,
          `    honest     ${shareText(honest)}`,
        ].join('\n'),
      ),
    ...(missing > 0 ? [`${count(missing)} labels name transfers that are not in the events`] : []),
    ...(unlabelled > 0 ? [`${count(unlabelled)} transfers have no label and are left out`] : []),
  ].join('\n')}\n`;
}

const EXAMPLES = 5;

/** In words and numbers: what the other policy would have done differently to the same events. */
export function compareText(one: Verdicts, other: Verdicts, labels: Labels | undefined): string {
  const groups = new Map<string, Verdict[]>();
  let [same, subjects] = [0, 0];
  for (const verdict of one.all()) {
    const also = other.of(verdict.kind, verdict.id);
    subjects += 1;
    const difference = also === undefined ? 'would not decide' : differenceOf(verdict, also);
    if (difference === undefined) {
      same += 1;
      continue;
    }
    const group = groups.get(difference) ?? [];
    groups.set(difference, group);
    group.push(verdict);
  }
  const lines = [`the other policy decides ${count(same)} of ${count(subjects)} subjects the same`];
  for (const [difference, verdicts] of [...groups].sort(([, a], [, b]) => b.length - a.length)) {
    lines.push(`  it ${difference}: ${count(verdicts.length)}${labelled(verdicts, labels)}`);
    const shown = verdicts.slice(0, EXAMPLES).map(({ kind, id }) => `${kind} ${id}`);
    lines.push(`    ${shown.join(', ')}${verdicts.length > EXAMPLES ? ', …' : ''}`);
  }
  return `${lines.join('\n')}\n`;
}

function differenceOf(verdict: Verdict, other: Verdict): string | undefined {
  if (verdict.outcome !== other.outcome) {
    const [from, to] = [ACTS[verdict.outcome], ACTS[other.outcome]];
    return `${to.would} what this one ${from.does} (${verdict.tier} → ${other.tier})`;
  }
  if (verdict.tier === other.tier) return undefined;
  const stricter = tierRank(other.tier) > tierRank(verdict.tier);
  return `${ACTS[verdict.outcome].would} as well, ${stricter ? 'at a higher' : 'at a lower'} tier (${verdict.tier} → ${other.tier})`;
}

const ACTS = {
  allow: { does: 'lets through', would: 'lets through' },
  warn: { does: 'warns about', would: 'only warns about' },
  hold: { does: 'holds', would: 'holds' },
} as const satisfies Readonly<Record<Verdict['outcome'], unknown>>;

function labelled(verdicts: readonly Verdict[], labels: Labels | undefined): string {
  if (labels === undefined) return '';
  const of = (label: string): number =>
    verdicts.filter(({ kind, id }) => kind === 'transfer' && labels.get(id) === label).length;
  return ` (${count(of('scam'))} scam, ${count(of('legit'))} honest)`;
}

function count(n: number): string {
  return n.toLocaleString('en');
}
