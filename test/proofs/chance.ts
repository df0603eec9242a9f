/** How often random codes and amounts meet by chance, counted with the scorer's own facts and worked out exactly (DETECTION §3). */
import { digestCode } from '#contracts';
import {
  assessPayer,
  subjectKeyOf,
  type CodeObserved,
  type PayerWindow,
  type TransferRequested,
} from '#domain';
import type { Chance } from '#testing';
import { CODES, POLICY } from './streams.ts';

/** `yuan`: the amount is the whole code; `fen`: its digits with the fen are; `part`: a prefix of the code, or the yuan of it. */
export type MatchKind = 'yuan' | 'fen' | 'part';
export const MATCH_KINDS: readonly MatchKind[] = ['yuan', 'fen', 'part'];

export interface ChanceCount {
  /** Pairs of an amount and a code. */
  readonly trials: number;
  readonly matches: Readonly<Record<MatchKind, number>>;
  /** By enumeration of all codes, the mean over the amounts tried. */
  readonly expected: Readonly<Record<MatchKind, number>>;
}

const KEY = 'lengjing-acceptance-key';
const AT = Date.UTC(2026, 10, 24);
/** Windows keep all codes; fewer amounts a set of codes cost more digests. */
const CODES_AT_ONCE = 50;
const AMOUNTS_PER_SET = 10;
const SHORTEST = 4;

/** DETECTION §3's mixture of amounts between people [A]: 55 % hundreds, 15 % tens, 20 % whole yuan, 10 % with fen. */
const MIXTURE = [
  { step: 10_000, share: 0.55 },
  { step: 1_000, share: 0.15 },
  { step: 100, share: 0.2 },
  { step: 1, share: 0.1 },
];

/** AMLSim's value as fen: scaled so that the median is about 760 yuan, and rounded as people round. */
export function fenOf(value: string, chance: Chance): number {
  const step = chance.pick(MIXTURE, ({ share }) => share)?.step ?? 1;
  return Math.max(step, Math.round((Number(value) * 300) / step) * step);
}

/** Every amount against fresh codes of so many digits. Amounts below the policy's least are left out, as the scorer does. */
export function countChance(
  amounts: readonly number[],
  digits: number,
  chance: Chance,
): ChanceCount {
  const matches = { yuan: 0, fen: 0, part: 0 };
  const expected = { yuan: 0, fen: 0, part: 0 };
  let [trials, tried] = [0, 0];
  let codes: readonly CodeObserved[] = [];
  for (const minor of amounts) {
    if (minor < POLICY.codes.minAmount * 100) continue;
    if (tried % AMOUNTS_PER_SET === 0) codes = randomCodes(digits, chance);
    tried += 1;
    trials += codes.length;
    for (const { form, as } of matchesOf(transferOf(minor), codes)) {
      matches[form === 'prefix' || as === 'yuan_part' ? 'part' : as] += 1;
    }
    for (const kind of MATCH_KINDS) expected[kind] += chanceOf(kind, minor, digits);
  }
  for (const kind of MATCH_KINDS) expected[kind] /= Math.max(1, tried);
  return { trials, matches, expected };
}

function matchesOf(transfer: TransferRequested, codes: readonly CodeObserved[]) {
  const window: PayerWindow = {
    payerId: transfer.payer.accountId,
    events: [...codes, transfer],
    recorded: new Map(),
    payees: new Map(),
    cut: [],
    windowTruncated: false,
    listedPayees: new Set(),
  };
  const targets = new Set([subjectKeyOf(transfer)]);
  const [assessment] = assessPayer(window, targets, POLICY, CODES);
  return assessment?.facts.codes?.matches ?? [];
}

const PAYER = { accountId: 'payer' };

function transferOf(minor: number): TransferRequested {
  return {
    kind: 'transfer.requested',
    source: 'urn:chance',
    id: 'transfer',
    time: AT,
    payer: PAYER,
    transferId: 'transfer',
    payee: { accountId: 'payee', kind: 'wallet', ownership: 'other', paidCount: 0 },
    amount: { currency: 'CNY', minor },
    fundingSource: 'balance',
  };
}

function randomCodes(digits: number, chance: Chance): readonly CodeObserved[] {
  return Array.from({ length: CODES_AT_ONCE }, (_, index) => {
    const codeId = `code-${index}`;
    const code = String(chance.below(10 ** digits)).padStart(digits, '0');
    return {
      kind: 'code.observed',
      source: 'urn:chance',
      id: codeId,
      time: AT - 60_000,
      payer: PAYER,
      codeId,
      origin: 'sms',
      digits,
      keyId: 'default',
      digests: digestCode({ codeId, code, key: KEY }),
      expiresAt: AT,
    };
  });
}

/** Share of all codes of so many digits with which the amount meets in this way: each text stands for one of 10^length. */
function chanceOf(kind: MatchKind, minor: number, digits: number): number {
  const isWhole = minor % 100 === 0;
  const [yuan, fen] = [String(Math.floor(minor / 100)).length, String(minor).length];
  const fits = (length: number, room: number): boolean => length >= SHORTEST && length <= room;
  if (kind === 'fen') return fits(fen, digits) ? 10 ** -digits : 0;
  if (kind === 'yuan') return isWhole && fits(yuan, digits) ? 10 ** -digits : 0;
  let share = !isWhole && fits(yuan, digits) ? 10 ** -digits : 0;
  // A prefix with its leading zeros: of each length exactly one.
  for (let length = SHORTEST; length < digits; length += 1) {
    if (fits(yuan, length)) share += 10 ** -length;
  }
  return share;
}
