/** What a request to the page brings, read so that nothing in it can surprise: cookie, form fields, language. */
import type { IncomingMessage } from 'node:http';
import type { Locale, PayerAnswer } from '#domain';

/** The value of a cookie, or undefined. The first one counts. */
export function cookieOf(request: IncomingMessage, name: string): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name) return value;
  }
  return undefined;
}

/** A form field that was given once. */
export function fieldOf(body: unknown, name: string): string | undefined {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return undefined;
  const value: unknown = Reflect.get(body, name);
  return typeof value === 'string' ? value : undefined;
}

const TEXT_MAX = 500;

/** What somebody typed: cut, and without control characters. */
export function typedText(body: unknown): string {
  const text = fieldOf(body, 'text') ?? '';
  return text
    .toWellFormed()
    .replaceAll(/[^\P{C}\n]/gu, ' ')
    .trim()
    .slice(0, TEXT_MAX)
    .toWellFormed();
}

/** `?lang=en`, `?lang=zh`; what the link was minted with otherwise. */
export function localeOf(lang: unknown, otherwise: Locale): Locale {
  if (lang === 'en') return 'en';
  return lang === 'zh' ? 'zh-CN' : otherwise;
}

/** The two buttons of the question. */
export function coachedAnswerOf(body: unknown): PayerAnswer | undefined {
  const answer = fieldOf(body, 'answer');
  return answer === 'coached_yes' || answer === 'coached_no' ? answer : undefined;
}

/** False for what a browser says comes from another site. A browser too old to say so is let through: the form's key decides. */
export function isOwnSite(request: IncomingMessage, origin: string): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin: given } = request.headers;
  return given === undefined || given === origin;
}
