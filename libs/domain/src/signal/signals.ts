/** Every signal, in the order of SCORING §3. */
import { CD0 } from './code/cd0-leading-zero.ts';
import { CD1 } from './code/cd1-amount-is-code.ts';
import { CD2 } from './code/cd2-amount-in-fen-is-code.ts';
import { CD3 } from './code/cd3-amount-starts-code.ts';
import { CD4 } from './code/cd4-code-like-amount.ts';
import { CD5 } from './code/cd5-digits-continued.ts';
import { CDR } from './code/cdr-chance-amount.ts';
import { CO1 } from './coercion/co1-on-the-phone.ts';
import { CO2 } from './coercion/co2-screen-watched.ts';
import { CO3 } from './coercion/co3-pretext.ts';
import { CO4 } from './coercion/co4-login-elsewhere.ts';
import { CO5 } from './coercion/co5-hesitation.ts';
import { CO6 } from './coercion/co6-evades-a-hold.ts';
import { CO7 } from './coercion/co7-credit-viewed.ts';
import { CR1 } from './credit/cr1-borrowed-and-sent.ts';
import { CR2 } from './credit/cr2-first-draw.ts';
import { CR3 } from './credit/cr3-second-lender.ts';
import { CR4 } from './credit/cr4-limit-used-up.ts';
import { DR1 } from './drain/dr1-drained.ts';
import { DR2 } from './drain/dr2-again-and-again.ts';
import { DR3 } from './drain/dr3-savings-emptied.ts';
import { DR4 } from './drain/dr4-cards-and-sources.ts';
import { DR5 } from './drain/dr5-unusually-large.ts';
import { DR6 } from './drain/dr6-passed-on.ts';
import { M1 } from './mitigation/m1-own-account.ts';
import { M2 } from './mitigation/m2-long-known.ts';
import { M3 } from './mitigation/m3-institution.ts';
import { M4 } from './mitigation/m4-repays-lender.ts';
import { M5 } from './mitigation/m5-declared-contact.ts';
import { M6 } from './mitigation/m6-order.ts';
import { M8 } from './mitigation/m8-habit.ts';
import { M9 } from './mitigation/m9-refundable.ts';
import { QUIET } from './mitigation/quiet.ts';
import { PY1 } from './payee/py1-new-payee.ts';
import { PY2 } from './payee/py2-young-account.ts';
import { PY3 } from './payee/py3-collects.ts';
import { PY4 } from './payee/py4-name-mismatch.ts';
import { PY6 } from './payee/py6-money-came-back.ts';
import type { Signal } from './signal.ts';
import { LISTED } from './uncapped/listed.ts';
import { USER_YES } from './uncapped/user-yes.ts';
import { WATCH } from './uncapped/watch.ts';

export const SIGNALS: readonly Signal[] = [
  CR1,
  CR2,
  CR3,
  CR4,
  CD0,
  CD1,
  CD2,
  CD3,
  CD4,
  CD5,
  CDR,
  PY1,
  PY2,
  PY3,
  PY4,
  PY6,
  CO1,
  CO2,
  CO3,
  CO4,
  CO5,
  CO6,
  CO7,
  DR1,
  DR2,
  DR3,
  DR4,
  DR5,
  DR6,
  USER_YES,
  LISTED,
  WATCH,
  M1,
  M2,
  M3,
  M4,
  M5,
  M6,
  M8,
  M9,
  QUIET,
];
