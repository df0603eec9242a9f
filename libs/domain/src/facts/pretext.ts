/** Finds a scammer's pretext in a remark; what leaves here is the list's word, never the payer's text. */
import type { Policy } from '../policy/policy.ts';

export interface Pretext {
  readonly word: string;
  readonly brand?: string;
}

/** Written with spaces, full-width letters or capitals it is the same word. */
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s\p{P}]+/gu, '');
}

interface PlainLists {
  readonly words: readonly (readonly [plain: string, listed: string])[];
  readonly brands: readonly (readonly [plain: string, listed: string])[];
}

const listsOf = new WeakMap<Policy, PlainLists>();

function plainLists(policy: Policy): PlainLists {
  let lists = listsOf.get(policy);
  if (lists === undefined) {
    const { words, brands } = policy.pretexts;
    const pair = (listed: string): readonly [string, string] => [plain(listed), listed];
    lists = { words: words.map(pair), brands: brands.map(pair) };
    listsOf.set(policy, lists);
  }
  return lists;
}

/** The first word and brand of the policy's lists that stand in the remark; undefined without a word. */
export function findPretext(remark: string, policy: Policy): Pretext | undefined {
  const text = plain(remark);
  const { words, brands } = plainLists(policy);
  const word = words.find(([one]) => text.includes(one))?.[1];
  if (word === undefined) return undefined;
  const brand = brands.find(([one]) => text.includes(one))?.[1];
  return brand === undefined ? { word } : { word, brand };
}
