/** The report's sections on public data and on what is not found. */
import { SCRIPTS, type ScriptName } from '../simulate/scams/scripts.ts';
import { BLIND_SPOTS } from './blind-spots.ts';
import { cell, count, fraction, minutesText, part, per1000, table } from './markdown.ts';
import { byScript, honestMeasures, isScam, scamMeasures } from './measures.ts';
import type { Evaluation } from './plan.ts';
import { clopperPearson } from './statistics.ts';

export function overlaySection({ overlays }: Evaluation): string {
  if (overlays.length === 0) {
    return `## On public transfers (AMLSim)

The data was not there when this was made: give it with \`--amlsim FILE\`.
`;
  }
  const rows = overlays.map(({ repair, trial }) => {
    const found = scamMeasures(trial.transfers);
    const base = honestMeasures(
      trial.transfers.filter(({ label }) => label.script === 'base:amlsim'),
    );
    const alike = honestMeasures(
      trial.transfers.filter(({ label }) => label.script.startsWith('lookalike:')),
    );
    return [
      repair ? 'payees repaired' : 'as it is',
      cell(found.episodes.T2),
      `${cell(found.transfers.T2)}, ${fraction(found.transfers.T2)}`,
      cell(found.transfers.T3),
      part(found.money.held, found.money.total),
      `${per1000(base.transfers.T2)}, ${fraction(base.transfers.T2)}`,
      `${per1000(alike.transfers.T2)}, ${fraction(alike.transfers.T2)}`,
      minutesText(alike.minutes.median),
    ];
  });
  return `## On public transfers (AMLSim)

The base is IBM/AMLSim's \`20K_fanin200\` (Apache-2.0): 118,250 transfers of 20,000 accounts over 149 days, which nobody here wrote; amounts scaled by three and partly rounded. Over it, ours: codes (0.3 per account and day), calls, draws, 130 episodes in turn of every script and 50 look-alikes for each, all among accounts with at least ten transfers before. AMLSim's accounts hardly pay anybody twice; with *payees repaired* four in five transfers go to one of the last five payees, as in real bank data. AMLSim has no sessions, no ages of accounts and no own money, and it contains money laundering by design; no hold on it is known to be wrong.

${table(
  [
    'base',
    'episodes T2+',
    'transfers T2+',
    'transfers T3+',
    'money held',
    'base held per 1,000',
    'look-alikes held per 1,000',
    'median wait',
  ],
  rows,
)}

${overlays.map((one) => collisionText(one)).join('\n')}
`;
}

function collisionText({ repair, collisions }: Evaluation['overlays'][number]): string {
  const of = (digits: 4 | 6): string => {
    const { trials, matches } = collisions;
    const { low, high } = clopperPearson(matches[digits], trials[digits]);
    const wanted = 10 ** -digits;
    const fits = low <= wanted && wanted <= high ? 'inside' : '**outside**';
    return `${matches[digits]} of ${count(trials[digits])} for ${digits} digits (${wanted.toExponential(0)} expected by DETECTION §3, ${fits} the interval ${low.toExponential(1)}–${high.toExponential(1)})`;
  };
  return `Codes that met a whole amount by chance, ${repair ? 'repaired' : 'as it is'}: ${of(4)}; ${of(6)}.`;
}

/** How many of the weakest are named. */
const NAMED = 5;

export function weakestSection({ scams }: Evaluation): string {
  const scripts = [...byScript(scams.transfers.filter(isScam))]
    .map(([script, transfers]) => ({
      script: script as ScriptName,
      measures: scamMeasures(transfers),
    }))
    .sort((a, b) => a.measures.episodes.T2.share - b.measures.episodes.T2.share)
    .slice(0, NAMED);
  return `## The weakest scripts, and what would be needed

${scripts
  .map(
    ({ script, measures: { episodes, money } }) =>
      `- **${script}** (${SCRIPTS[script].title}): ${cell(episodes.T2)} of episodes, ${part(money.held, money.total)} of the money. ${BLIND_SPOTS[script]}`,
  )
  .join('\n')}

What they have in common is stated in the scripts, not fitted to the scores: where no call, no loan and no screen is involved, the payer's side shows an ordinary payment to somebody new, and the difference lies with the receiver.
`;
}
