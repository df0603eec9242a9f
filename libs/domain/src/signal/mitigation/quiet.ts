/**
 * QUIET: staff verified the payer and vouched for this payee until a day. Not in SCORING; the console's quieting (issue 3). As strong as a
 * payee known for months (M2), since that is what was verified. Void for payees added today, whoever vouched, because a caller's first
 * wish is to become trusted; while somebody watches the screen (CO2); and for listed payees.
 */
import { formatInstant } from '../../kernel/instant.ts';
import { finding, type Signal } from '../signal.ts';

export const QUIET: Signal = {
  code: 'QUIET',
  group: 'mitigation',
  sees: {
    'zh-CN': '经人工核实、限期放行的收款人',
    en: 'a payee whom staff vouched for until a day',
  },
  feeds: ['lists'],
  against: 'Whoever was verified may be under pressure by now, and a payee can turn.',
  weigh(facts, policy) {
    const { payee, screens } = facts;
    if (payee?.quiet === undefined || screens !== undefined || payee.listed !== undefined) {
      return undefined;
    }
    if (payee.isNew || payee.newToday || payee.quiet.addedToday) return undefined;
    const day = formatInstant(payee.quiet.until).slice(0, 10);
    return finding(
      policy.signals.QUIET.decibans,
      [facts.self],
      `工作人员已核实付款人与该收款人，${day}（UTC）前从宽`,
      `Staff verified the payer and this payee; it weighs less until ${day} (UTC)`,
    );
  },
};
