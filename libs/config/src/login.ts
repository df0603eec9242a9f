/** How staff sign in: which issuer vouches for them, and where the console is reached. */
import type { Reader } from './reader.ts';
import type { Secret } from './secret.ts';
import type { SettingKey } from './settings.ts';

export interface LoginSettings {
  /** `https://login.example/`, or http on loopback. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** Origin at which browsers reach the console, without a path. */
  readonly publicUrl: string;
  /** Claim of the ID token that lists the roles. */
  readonly rolesClaim: string;
  /** Audience of access tokens of machine clients; absent where the issuer gives none. */
  readonly audience?: string;
}

const KEYS = [
  'LENGJING_OIDC_CLIENT_ID',
  'LENGJING_OIDC_CLIENT_SECRET',
  'LENGJING_PUBLIC_URL',
] as const;

/** All of it or nothing: a login that is half configured is a mistake, not a choice. */
export function readLogin(reader: Reader): LoginSettings | undefined {
  const issuer = reader.optionalText('LENGJING_OIDC_ISSUER');
  if (issuer === undefined) {
    for (const key of KEYS) {
      if (reader.optionalText(key) !== undefined)
        reader.complain(key, 'needs LENGJING_OIDC_ISSUER');
    }
    return undefined;
  }
  const publicUrl = reader.text('LENGJING_PUBLIC_URL');
  requireSafe(reader, 'LENGJING_OIDC_ISSUER', issuer);
  requireSafe(reader, 'LENGJING_PUBLIC_URL', publicUrl);
  const audience = reader.optionalText('LENGJING_OIDC_AUDIENCE');
  return {
    issuer,
    clientId: reader.text('LENGJING_OIDC_CLIENT_ID'),
    clientSecret: reader.secret('LENGJING_OIDC_CLIENT_SECRET'),
    publicUrl: URL.canParse(publicUrl) ? new URL(publicUrl).origin : publicUrl,
    rolesClaim: reader.text('LENGJING_OIDC_ROLES_CLAIM', 'roles'),
    ...(audience === undefined ? {} : { audience }),
  };
}

/** Sessions and codes in the clear would be anybody's: plain http is for this machine alone. */
function requireSafe(reader: Reader, key: SettingKey, url: string): void {
  if (url === '') return;
  if (!URL.canParse(url)) {
    reader.complain(key, 'must be a URL');
    return;
  }
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) return;
  reader.complain(key, 'must begin with https:// unless it is on loopback');
}

/** Of a URL's host name or an address to listen on. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' || /^127(\.\d{1,3}){3}$/.test(hostname) || /^\[?::1\]?$/.test(hostname)
  );
}
