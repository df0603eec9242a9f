/** Personal values as a masked export shows them: enough to tell two apart in one case, too little to find a person. */
import type { Json } from '#domain';

const SHOWN = 4;
const LENGTH_MIN = 10;
/** These say where from, not who. */
const PLAIN: ReadonlySet<string> = new Set(['source', 'template', 'version', 'locale']);

/** Tokens and numbers only: of what people wrote not even the end is shown. */
const TOKEN = /^[\w:#./-]+$/;

/** `acct-6222021234` → `****1234`; anything short, and whatever is a name or a sentence → `****`. */
export function maskText(text: string): string {
  return text.length < LENGTH_MIN || !TOKEN.test(text) ? '****' : `****${text.slice(-SHOWN)}`;
}

/** The same shape with every text masked; numbers and lists lose their values too. */
export function maskValue(value: Json): Json {
  if (typeof value === 'string') return maskText(value);
  if (typeof value !== 'object' || value === null) return value === null ? null : '****';
  if (Array.isArray(value)) return (value as readonly Json[]).map(maskValue);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      PLAIN.has(name) && typeof inner === 'string' ? inner : maskValue(inner),
    ]),
  );
}
