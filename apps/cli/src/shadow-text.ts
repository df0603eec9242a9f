/** The shadow report as a person reads it before a policy goes live. */
import type { HeldSum, ShadowReport } from '#application';

const REASONS_SHOWN = 15;

export function shadowText(report: ShadowReport): string {
  const { held, transfers, draws, warned, from, to } = report;
  if (from === undefined || to === undefined) return 'no decision was made in shadow mode\n';
  const lines = [
    `${counted(transfers, 'transfer')} and ${counted(draws, 'draw')} decided in shadow mode, ${day(from)} to ${day(to)}`,
    `live, ${count(warned)} would have been warned and`,
    '',
    `  transfers held  ${sumText(held.transfers)}${share(held.transfers.count, transfers)}`,
    `  draws held      ${sumText(held.draws)}${share(held.draws.count, draws)}`,
    '',
    ...(['T2', 'T3', 'T4'] as const).map((tier) => `  ${tier}  ${sumText(held.byTier[tier])}`),
    '',
    `${counted(held.payers, 'payer')} in ${counted(held.cases, 'case')}; ${counted(held.payersOfSeveralCases, 'payer')} in more than one`,
  ];
  if (held.reasons.length > 0) {
    lines.push('', 'reason                   would-be holds');
    for (const { code, count: times } of held.reasons.slice(0, REASONS_SHOWN)) {
      lines.push(`${code.padEnd(24)}${count(times).padStart(15)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function sumText({ count: times, money, minutes }: HeldSum): string {
  if (times === 0) return 'none';
  const sums = Object.entries(money).map(([currency, value]) => `${currency} ${amount(value)}`);
  return `${count(times)}, ${sums.join(', ')}, waiting ${time(minutes.median)} in the median, ${time(minutes.most)} at most, ${time(minutes.total)} together`;
}

function share(times: number, of: number): string {
  return of === 0 || times === 0 ? '' : `; ${((1_000 * times) / of).toFixed(1)} per 1,000`;
}

function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function amount(value: number): string {
  return value.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

function time(minutes: number): string {
  return minutes < 120 ? `${Math.round(minutes)} min` : `${count(Math.round(minutes / 60))} h`;
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
