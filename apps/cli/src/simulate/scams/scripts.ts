/**
 * The scripts by name. How often each comes follows the order of the Ministry of Public Security's list of the ten most frequent kinds
 * (25 June 2024: brushing first in number and loss, investment largest per case, fake shopping third, then fake shop service, loans,
 * credit records, superiors, police, romance), flattened so that rare ones can be counted.
 */
import { borrowAndSend } from './borrow-and-send.ts';
import { brushing } from './brushing.ts';
import { campusLoan } from './campus-loan.ts';
import { fakeBoss } from './fake-boss.ts';
import { investment } from './investment.ts';
import { loanUnfreeze } from './loan-unfreeze.ts';
import { refundCode } from './refund-code.ts';
import { refundDongguan } from './refund-dongguan.ts';
import { refundXiamen } from './refund-xiamen.ts';
import { romance } from './romance.ts';
import { safeAccount } from './safe-account.ts';
import { screenTakeover } from './screen-takeover.ts';
import type { Script } from './script.ts';
import { secondHandDeposit } from './second-hand-deposit.ts';

export const SCRIPTS = {
  'refund-code': refundCode,
  'borrow-and-send': borrowAndSend,
  'refund-dongguan': refundDongguan,
  'refund-xiamen': refundXiamen,
  'safe-account': safeAccount,
  'loan-unfreeze': loanUnfreeze,
  'campus-loan': campusLoan,
  'screen-takeover': screenTakeover,
  brushing,
  'second-hand-deposit': secondHandDeposit,
  investment,
  romance,
  'fake-boss': fakeBoss,
} as const satisfies Readonly<Record<string, Script>>;

export type ScriptName = keyof typeof SCRIPTS;

export function isScriptName(text: string): text is ScriptName {
  return Object.hasOwn(SCRIPTS, text);
}
