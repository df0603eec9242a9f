/** How amounts, times and products are said in reasons, in Chinese and English. */
import type { LocalisedText } from '../assessment/assessment.ts';
import type { Facts } from '../facts/facts.ts';
import { HOUR_MS, MINUTE_MS } from '../kernel/instant.ts';
import type { Policy } from '../policy/policy.ts';

/** 6919.00 yuan: `6,919元`, `¥6,919`; other currencies by their code. Decimals only where they are not zero. */
export function money(minor: number, facts: Pick<Facts, 'currency' | 'unit'>): LocalisedText {
  const { currency, unit } = facts;
  const whole = grouped(Math.floor(minor / unit).toString());
  const rest = minor % unit;
  const text =
    rest === 0 ? whole : `${whole}.${rest.toString().padStart(String(unit).length - 1, '0')}`;
  return currency === 'CNY'
    ? { 'zh-CN': `${text}元`, en: `¥${text}` }
    : { 'zh-CN': `${text} ${currency}`, en: `${currency} ${text}` };
}

/** Digits in threes: 1234567 → `1,234,567`. */
function grouped(digits: string): string {
  let text = digits.slice(-3);
  for (let end = digits.length - 3; end > 0; end -= 3) {
    text = `${digits.slice(Math.max(0, end - 3), end)},${text}`;
  }
  return text;
}

/** `刚刚`, `47分钟`, `3小时`; `a moment`, `47 minutes`, `3 hours`. Rounded down. */
export function span(ms: number): LocalisedText {
  const minutes = Math.floor(ms / MINUTE_MS);
  if (minutes < 1) return { 'zh-CN': '不到1分钟', en: 'less than a minute' };
  if (minutes < 120) return { 'zh-CN': `${minutes}分钟`, en: counted(minutes, 'minute') };
  const hours = Math.floor(ms / HOUR_MS);
  return { 'zh-CN': `${hours}小时`, en: counted(hours, 'hour') };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** The catalogue's name of a product, or a general one: an unknown lender still counts. */
export function productName(
  product: { readonly lender: string; readonly product: string },
  policy: Policy,
): LocalisedText {
  const known = policy.catalogue.find(
    (one) => one.lender === product.lender && one.product === product.product,
  );
  return known === undefined
    ? { 'zh-CN': '其他贷款产品', en: 'another lender' }
    : { 'zh-CN': known.zh, en: known.en };
}

/** Several products, each once: `借呗、招联`, `Jiebei and Zhaolian`. */
export function productNames(
  products: readonly { readonly lender: string; readonly product: string }[],
  policy: Policy,
): LocalisedText {
  const names = products.map((product) => productName(product, policy));
  const zh = [...new Set(names.map((name) => name['zh-CN']))].join('、');
  const en = [...new Set(names.map((name) => name.en))];
  const last = en.pop() ?? '';
  return { 'zh-CN': zh, en: en.length === 0 ? last : `${en.join(', ')} and ${last}` };
}
