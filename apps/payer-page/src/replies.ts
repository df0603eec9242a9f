/** What every answer of the page carries: nothing is stored, nothing is loaded from elsewhere, nobody frames it or learns where it came from. */
import type { ServerResponse } from 'node:http';

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex',
};

export function sendPage(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.end(text);
}

export function redirect(response: ServerResponse, location: string): void {
  response.statusCode = 303;
  response.setHeader('location', location);
  response.end();
}

export interface CookieSettings {
  /** Where browsers insist on it: everywhere but on the loopback of a development machine. */
  readonly secure: boolean;
}

/** `__Host-` ties the cookie to this host, to HTTPS and to the whole of it; browsers refuse the prefix without HTTPS. */
export function cookieName({ secure }: CookieSettings): string {
  return secure ? '__Host-hold' : 'hold';
}

export function setCookie(
  response: ServerResponse,
  settings: CookieSettings,
  secret: string,
  maxAgeMs: number,
): void {
  const parts = [
    `${cookieName(settings)}=${secret}`,
    'Path=/',
    'HttpOnly',
    'SameSite=Strict',
    `Max-Age=${Math.floor(maxAgeMs / 1_000)}`,
    ...(settings.secure ? ['Secure'] : []),
  ];
  response.setHeader('set-cookie', parts.join('; '));
}
