/** `docs/evaluation.md`: figures with their intervals, and what they are worth. */
import { FEED_TEXT } from '../simulate/feeds.ts';
import { SCRIPTS, type ScriptName } from '../simulate/scams/scripts.ts';
import { REAL_SHARE, SCAM_RATE_DEFAULT } from '../simulate/settings.ts';
import { cell, count, fraction, minutesText, part, per1000, table, yuanText } from './markdown.ts';
import {
  byEvasion,
  byScript,
  drawMeasures,
  holdReasons,
  honestMeasures,
  isHonest,
  isScam,
  scamMeasures,
} from './measures.ts';
import { intervalText } from './outcomes.ts';
import { SCAM_RATE_ENRICHED, type Evaluation } from './plan.ts';
import { overlaySection, weakestSection } from './report-more.ts';
import { clopperPearson, precisionAt } from './statistics.ts';
import type { TriedTransfer } from './trial.ts';
import { HELD_TIERS, isHeldFrom } from './verdicts.ts';

export interface ReportFacts {
  readonly command: string;
  readonly seeds: readonly string[];
  readonly payers: number;
  readonly days: number;
  /** The default seeds, kept for this. */
  readonly fresh: boolean;
}

export function reportText(evaluation: Evaluation, facts: ReportFacts): string {
  const { scorer, policy } = evaluation.life.madeBy ?? { scorer: 'unknown', policy: undefined };
  const named =
    policy === undefined ? 'unknown' : `${policy.id} ${policy.version} (${policy.digest})`;
  return [
    '# Evaluation',
    '',
    `Made by \`${facts.command}\`; do not edit. Policy ${named}, scorer ${scorer}. Seeds ${facts.seeds.join(', ')}${facts.fresh ? ': none of them was used to choose a weight, a rule or a scam; two were looked at before honest people were made to confirm their holds (D-069)' : ''}. Intervals are Clopper-Pearson's at 95 %; they count transfers or episodes as independent, which transfers of one victim are not.`,
    '',
    ownershipSection(),
    headlineSection(evaluation),
    honestSection(evaluation),
    scriptsSection(evaluation),
    evasionsSection(evaluation),
    ablationSection(evaluation),
    overlaySection(evaluation),
    weakestSection(evaluation),
    limitsSection(facts),
  ].join('\n');
}

function ownershipSection(): string {
  return `## What is ours and what is not

The population, its rates, the scams, their evasions and the look-alikes are **ours**: written from published cases and police reports (the source stands in each script's file) and from assumptions, by somebody who had read DETECTION §0–§5 and §8 (which name patterns, priors and some weights) and not the scoring rules, the policy, the scorer's code or its scenarios. After results were seen one thing was changed: honest people confirm their hold when it is due (D-069). They are not data. A scorer that does well on them does well on our idea of people. Only the transfers of IBM/AMLSim and the texts of the cases are independent; the codes, calls, loans, scams and look-alikes over AMLSim are ours again.

**Scams are enriched.** Real ones are about 1 in ${count(1 / REAL_SHARE)} transfers (DETECTION §2.1). Honest people are counted at ${SCAM_RATE_DEFAULT} episodes per payer and day, scams at ${SCAM_RATE_ENRICHED}. Shares of scams held (recall) and of honest transfers held do not depend on that; precision does, so it is also computed for 1 in ${count(1 / REAL_SHARE)}.

Nobody in the stream reacts to being held. The processor obeys, so what is held does not settle before its hold is due; but victims go on as their script says, and a held loan is paid out all the same, so that what follows can be judged, too. "Held" is therefore not yet "saved": a hold that sends by itself when it is due saves what the victim stops meanwhile.
`;
}

function headlineSection({ life, scams }: Evaluation): string {
  const found = scamMeasures(scams.transfers);
  const honest = honestMeasures(life.transfers);
  const lifeScams = life.transfers.filter(isScam);
  const lifeHonest = life.transfers.filter(isHonest);
  const rows = HELD_TIERS.map((tier) => {
    const held = lifeScams.filter(({ verdict }) => isHeldFrom(verdict, tier)).length;
    const wrong = lifeHonest.filter(({ verdict }) => isHeldFrom(verdict, tier)).length;
    return [
      tier === 'T4' ? tier : `${tier} or above`,
      cell(found.transfers[tier]),
      cell(found.episodes[tier]),
      per1000(honest.transfers[tier]),
      cell(clopperPearson(held, held + wrong)),
      intervalText(precisionAt(REAL_SHARE, found.transfers[tier], honest.transfers[tier])),
    ];
  });
  const { money, caughtFirst } = found;
  const draws = drawMeasures(scams.draws);
  const honestDraws = drawMeasures(life.draws).honest;
  return `## In one table

${table(
  [
    'held at',
    'recall, transfers',
    'recall, episodes',
    'honest held per 1,000',
    'precision as simulated',
    `precision at 1 in ${count(1 / REAL_SHARE)}`,
  ],
  rows,
)}

Scams: ${count(found.transfers.T2.trials)} transfers in ${count(found.episodes.T2.trials)} episodes. Honest: ${count(honest.transfers.T2.trials)} transfers. An episode counts as found when one of its transfers is held; in ${cell(caughtFirst)} the first hold comes before anything above ¥100 has left.

**Money.** Of ${yuanText(money.total)} that would have reached fraudsters, ${yuanText(money.held)} (${part(money.held, money.total)}) is held before it leaves; ${yuanText(money.heldUntilAsked)} (${part(money.heldUntilAsked, money.total)}) in holds that ask again before anything moves, the rest in holds that send by themselves when due.

**Draws.** Of the scams' draws that lenders ask about, ${cell(draws.scam)} (${fraction(draws.scam)}) are held before payout; of the honest ones ${cell(honestDraws)} (${fraction(honestDraws)}).
`;
}

function honestSection({ life }: Evaluation): string {
  const all = honestMeasures(life.transfers);
  const rows = [...byScript(life.transfers.filter(isHonest))]
    .map(([script, transfers]) => ({ script, transfers, measures: honestMeasures(transfers) }))
    .filter(({ measures }) => measures.transfers.T2.hits > 0)
    .sort((a, b) => b.measures.transfers.T2.hits - a.measures.transfers.T2.hits)
    .map(({ script, transfers, measures }) => [
      script,
      count(transfers.length),
      count(measures.transfers.T2.hits),
      count(measures.transfers.T3.hits),
      cell(measures.transfers.T2),
      minutesText(measures.minutes.median),
    ]);
  const quiet = [...byScript(life.transfers.filter(isHonest))]
    .filter(
      ([script, transfers]) =>
        script.startsWith('lookalike:') &&
        !transfers.some(({ verdict }) => isHeldFrom(verdict, 'T2')),
    )
    .map(([script, transfers]) => `${script} (${count(transfers.length)})`);
  const mules = life.transfers.filter(({ label }) => label.script.startsWith('mule:'));
  const mulesHeld = clopperPearson(
    mules.filter(({ verdict }) => isHeldFrom(verdict, 'T2')).length,
    mules.length,
  );
  const reasons = holdReasons(life.transfers.filter(isHonest)).slice(0, 8);
  return `## Honest people who wait

${per1000(all.transfers.T2)} of 1,000 honest transfers are held; ${cell(all.payers)} of the payers meet a hold at all in the run. A held one waits ${minutesText(all.minutes.median)} at the median, ${minutesText(all.minutes.mean)} on average, ${minutesText(all.minutes.p90)} at the ninetieth percentile, from the decision to when the hold is due: ${all.minutesPer1000.toFixed(1)} minutes of waiting per 1,000 transfers. Nobody who confirms earlier or appeals is assumed.

${table(['what it was', 'transfers', 'held T2+', 'held T3+', 'share held', 'median wait'], rows)}

Look-alikes of which none was held: ${quiet.length === 0 ? 'none' : quiet.join(', ')}.

Reasons among the strongest three of these holds: ${reasons.map(([code, n]) => `${code} ${n}`).join(', ') || 'none'}.

Stolen money that mules move on is counted on neither side: ${cell(mulesHeld)} (${fraction(mulesHeld)}) of it is held.
`;
}

function scriptsSection({ scams }: Evaluation): string {
  const rows = [...byScript(scams.transfers.filter(isScam))]
    .map(([script, transfers]) => ({ script, measures: scamMeasures(transfers) }))
    .sort((a, b) => b.measures.episodes.T2.share - a.measures.episodes.T2.share)
    .map(({ script, measures: { episodes, transfers, money, caughtFirst } }) => [
      Object.hasOwn(SCRIPTS, script) ? `${script}: ${SCRIPTS[script as ScriptName].title}` : script,
      `${cell(episodes.T2)}, ${fraction(episodes.T2)}`,
      cell(episodes.T3),
      `${cell(transfers.T2)}, ${fraction(transfers.T2)}`,
      cell(caughtFirst),
      part(money.held, money.total),
      yuanText(money.total),
    ]);
  return `## By script

${table(
  [
    'script',
    'episodes T2+',
    'episodes T3+',
    'transfers T2+',
    'held before ¥100 left',
    'money held',
    'of',
  ],
  rows,
)}
`;
}

function evasionsSection({ scams }: Evaluation): string {
  const rows = byEvasion(scams.transfers).map(([evasion, transfers]) => {
    const { episodes, transfers: held, money } = scamMeasures(transfers);
    return [
      evasion,
      cell(episodes.T2),
      cell(held.T2),
      fraction(held.T2),
      part(money.held, money.total),
    ];
  });
  return `## By evasion

Evasions are drawn at random, several may meet, and they go with scripts, so a row also shows which scripts use it.

${table(['evasion', 'episodes T2+', 'transfers T2+', '', 'money held'], rows)}
`;
}

function ablationSection({ ablation }: Evaluation): string {
  const [full] = ablation;
  if (full === undefined) return '';
  const all = scamMeasures(full.trial.transfers);
  const rows = ablation.map(({ without, trial }) => {
    const transfers = withOutcomesOf(full.trial.transfers, trial.transfers);
    const found = scamMeasures(transfers);
    const lost = all.episodes.T2.hits - found.episodes.T2.hits;
    return [
      without === undefined ? '**all feeds**' : `without **${without}**: ${FEED_TEXT[without]}`,
      cell(found.episodes.T2),
      without === undefined ? '' : `${lost > 0 ? '−' : lost < 0 ? '+' : ''}${Math.abs(lost)}`,
      cell(found.transfers.T2),
      cell(found.transfers.T3),
      part(found.money.held, found.money.total),
      per1000(honestMeasures(transfers).transfers.T2),
    ];
  });
  const payers = new Set(full.trial.transfers.map(({ label }) => label.payerId)).size;
  return `## What each feed is worth

The same people and scams, decided again without one feed. This population is small and full of scams (${count(all.episodes.T2.trials)} episodes among ${count(payers)} payers), so its honest holds are not those of life: compare rows, not tables.

${table(
  [
    'feeds',
    'episodes T2+',
    'episodes',
    'transfers T2+',
    'transfers T3+',
    'money held',
    'honest held per 1,000',
  ],
  rows,
)}
`;
}

/** Without the feed of outcomes nobody would know what settles; the same transfers did with it. */
function withOutcomesOf(
  full: readonly TriedTransfer[],
  transfers: readonly TriedTransfer[],
): readonly TriedTransfer[] {
  const settles = new Map(full.map((one) => [one.label.transferId, one.settles]));
  return transfers.map((one) => ({ ...one, settles: settles.get(one.label.transferId) === true }));
}

function limitsSection({ payers, days, seeds }: ReportFacts): string {
  return `## How it was run

${seeds.length} seeds × (${count(payers)} payers at the default rate and ${count(Math.ceil(payers / 2))} at the enriched rate) × ${days} days; the ablation on ${count(Math.ceil(Math.ceil(payers / 2) / 2))} payers of the first seed at twice the enriched rate. Decisions come from the engine's own replay, one event at a time in the order of their times, with no lag between feeds: what late or missing records cost is not measured here.

Rates marked [A] in the sources are assumptions; the contract ships counters for most of them, and a real stream should replace them first. Victims' doubts, the share who are warned off, how often evasions are used and how many calls a phone reports are the ones that move these figures most.
`;
}
