/** What another policy would do differently, said in words that whoever approves it can weigh. */
import type { Json, Policy } from '#domain';
import { pointerTo } from './positioned-json.ts';
import { policyWords, signalWords } from './policy-words.ts';
import { dotted } from './read-policy.ts';

export interface PolicyChange {
  /** Dotted. */
  readonly path: string;
  /** One sentence. */
  readonly words: string;
}

type Content = { readonly [key: string]: Json };

/** Every difference in the order of the file; none where both say the same, however they are laid out. */
export function diffPolicies(before: Policy, after: Policy): PolicyChange[] {
  const { digest: _before, ...from } = before;
  const { digest: _after, ...to } = after;
  return differences('', toJson(from), toJson(to)).map((difference) => ({
    path: dotted(difference.pointer),
    words: sentence(difference),
  }));
}

/** What a policy is, it is as JSON. */
function toJson(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

interface Difference {
  readonly pointer: string;
  /** Undefined where there was nothing. */
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

function differences(pointer: string, before: Json, after: Json): Difference[] {
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => {
      const at = pointerTo(pointer, name);
      const [one, other] = [before[name], after[name]];
      if (one === undefined || other === undefined) {
        return [{ pointer: at, before: one, after: other }];
      }
      return differences(at, one, other);
    });
  }
  // Steps that are as many are compared one by one; lists of names are told as a whole.
  if (isSteps(before) && isSteps(after) && before.length === after.length) {
    return before.flatMap((one, i) => differences(pointerTo(pointer, i), one, after[i] as Json));
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ pointer, before, after }];
}

function isObject(value: Json): value is Content {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSteps(value: Json): value is readonly Content[] {
  return Array.isArray(value) && value.length > 0 && value.every(isObject) && !isCatalogue(value);
}

function isCatalogue(value: readonly Json[]): boolean {
  return value.some((one) => isObject(one) && 'lender' in one);
}

function sentence({ pointer, before, after }: Difference): string {
  const special = SPECIAL.flatMap(([pattern, say]) => {
    const match = pattern.exec(pointer);
    return match !== null && before !== undefined && after !== undefined
      ? [say({ match, before: plain(before), after: plain(after) })]
      : [];
  })[0];
  if (special !== undefined) return special;
  const name = `${dotted(pointer)}${aboutText(pointer)}`;
  if (Array.isArray(before) && Array.isArray(after)) return `${name}: ${listText(before, after)}`;
  if (before === undefined) return `${name}: ${valueText(pointer, after)}, where there was nothing`;
  if (after === undefined) return `${name}: gone; it was ${valueText(pointer, before)}`;
  return `${name}: ${valueText(pointer, after)} instead of ${valueText(pointer, before)}`;
}

function aboutText(pointer: string): string {
  const words = policyWords(pointer);
  return words === '' ? '' : ` (${words})`;
}

interface Said {
  readonly match: RegExpExecArray;
  readonly before: string;
  readonly after: string;
}

/** What has a better sentence than “a instead of b”. */
const SPECIAL: readonly (readonly [RegExp, (said: Said) => string])[] = [
  [
    /^\/mode$/,
    ({ after }) =>
      after === 'shadow'
        ? 'mode: shadow instead of live: everything is decided and nothing is held'
        : 'mode: live instead of shadow: from now on payments are held',
  ],
  [
    /^\/tiers\/(T\d)$/,
    ({ match, before, after }) =>
      `${match[1]} begins at ${after} dB instead of ${before}: ${Number(after) > Number(before) ? 'fewer' : 'more'} payments reach it`,
  ],
  [
    /^\/caps\/(\w+)$/,
    ({ match, before, after }) =>
      `the family ${match[1]} adds at most ${after} dB instead of ${before}`,
  ],
  [/^\/signals\/(\w+)\/(?:.*\/)?(\w*[dD]ecibans)$/, weightSentence],
  [
    /^\/holds\/(?:(\w+)\/)?durations\/(T\d)\/minutes$/,
    ({ match, before, after }) =>
      `${match[1] === undefined ? '' : `${match[1]}: `}${match[2]} waits ${span(Number(after))} instead of ${span(Number(before))}`,
  ],
];

function weightSentence({ match, before, after }: Said): string {
  const code = match[1] ?? '';
  const sees = signalWords(code);
  const part = match[2] === 'decibans' ? '' : `, ${match[2]}`;
  const heavier = Math.abs(Number(after)) > Math.abs(Number(before));
  const mitigation = Number(after) < 0 || Number(before) < 0;
  const more = heavier ? 'more' : 'less';
  const effect = mitigation ? `speaks ${more} for the payer` : `weighs ${more}`;
  const off = Number(after) === 0 ? 'is switched off' : effect;
  const step = /\/(\d+)\/\w+$/.exec(match[0])?.[1];
  const place = step === undefined ? '' : `, step ${Number(step) + 1}`;
  return `${code}${sees === '' ? '' : ` (${sees})`}${part}${place}: ${after} dB instead of ${before}: ${off}`;
}

/** Sets of names: what comes and what goes; otherwise that the order changed. */
function listText(before: readonly Json[], after: readonly Json[]): string {
  const [was, is] = [before.map(itemText), after.map(itemText)];
  const added = is.filter((one) => !was.includes(one));
  const dropped = was.filter((one) => !is.includes(one));
  const parts = [
    ...(added.length === 0 ? [] : [`adds ${someOf(added)}`]),
    ...(dropped.length === 0 ? [] : [`drops ${someOf(dropped)}`]),
  ];
  return parts.length === 0 ? 'the same in another order' : parts.join(' and ');
}

const NAMED_MAX = 10;

function someOf(items: readonly string[]): string {
  const named = items.slice(0, NAMED_MAX).join(', ');
  return items.length > NAMED_MAX ? `${named} and ${items.length - NAMED_MAX} more` : named;
}

function itemText(item: Json): string {
  if (typeof item === 'string') return `“${item}”`;
  if (isObject(item) && typeof item['lender'] === 'string') {
    const { lender, product = '', zh = '', en = '' } = item;
    return `${plain(lender)}/${plain(product)} (${plain(zh)}, ${plain(en)})`;
  }
  return JSON.stringify(item);
}

function plain(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function valueText(pointer: string, value: Json | undefined): string {
  const unit = unitOf(pointer);
  if (typeof value === 'number') return `${value.toLocaleString('en')}${unit}`;
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return JSON.stringify(value ?? null);
}

function unitOf(pointer: string): string {
  const unit = /(Seconds|Minutes|Hours|Days|Percent|[dD]ecibans)$/.exec(pointer)?.[1];
  switch (unit?.toLowerCase()) {
    case 'seconds':
      return ' s';
    case 'minutes':
      return ' min';
    case 'hours':
      return ' h';
    case 'days':
      return ' days';
    case 'percent':
      return ' %';
    case 'decibans':
      return ' dB';
    default:
      return '';
  }
}

function span(minutes: number): string {
  return minutes % 60 === 0 && minutes >= 60 ? `${minutes / 60} h` : `${minutes} min`;
}
