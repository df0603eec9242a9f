/** The issuer that vouches for staff, by OpenID Connect with PKCE: any that publishes its configuration. */
import * as openid from 'openid-client';
import type { LoginAttempt, StaffMember } from '#application';
import type { LoginSettings } from '#config';
import { ROLES } from '../api/session.ts';

/** What a login needs to know of itself until the browser is back. */
export type LoginSecrets = Pick<LoginAttempt, 'state' | 'nonce' | 'codeVerifier'>;

export interface Issuer {
  /** Where to send the browser, and what must come back with it. */
  begin(): Promise<{ readonly url: string; readonly secrets: LoginSecrets }>;
  /** Who came back. Throws when the answer is not the one to this login, whatever is wrong with it. */
  finish(search: string, secrets: LoginSecrets): Promise<StaffMember>;
  jwksUri(): Promise<string>;
}

/** Discovery is tried again at the next login when it failed: the issuer may start after us. */
export function makeIssuer(settings: LoginSettings): Issuer {
  let found: Promise<openid.Configuration> | undefined;
  const callback = `${settings.publicUrl}/auth/callback`;
  const configuration = async (): Promise<openid.Configuration> => {
    found ??= discover(settings);
    try {
      return await found;
    } catch (error) {
      found = undefined;
      throw error;
    }
  };
  return {
    async begin() {
      const codeVerifier = openid.randomPKCECodeVerifier();
      const secrets = { state: openid.randomState(), nonce: openid.randomNonce(), codeVerifier };
      const url = openid.buildAuthorizationUrl(await configuration(), {
        redirect_uri: callback,
        scope: 'openid profile',
        code_challenge: await openid.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        state: secrets.state,
        nonce: secrets.nonce,
      });
      return { url: url.href, secrets };
    },
    async finish(search, { state, nonce, codeVerifier }) {
      const tokens = await openid.authorizationCodeGrant(
        await configuration(),
        new URL(`${callback}${search}`),
        {
          pkceCodeVerifier: codeVerifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        },
      );
      const claims = tokens.claims();
      if (claims === undefined) throw new Error('the issuer gave no ID token');
      return {
        userId: `${claims.iss}#${claims.sub}`.slice(0, 256),
        name: nameOf(claims),
        roles: rolesOf(claims[settings.rolesClaim]),
      };
    },
    async jwksUri() {
      const { jwks_uri: uri } = (await configuration()).serverMetadata();
      if (uri === undefined) throw new Error('the issuer names no keys');
      return uri;
    },
  };
}

function discover(settings: LoginSettings): Promise<openid.Configuration> {
  const issuer = new URL(settings.issuer);
  // Plain http has been refused by the settings anywhere but on loopback.
  const execute = issuer.protocol === 'http:' ? [openid.allowInsecureRequests] : [];
  return openid.discovery(issuer, settings.clientId, settings.clientSecret.reveal(), undefined, {
    execute,
    timeout: 10,
  });
}

const NAME_LENGTH_MAX = 60;

/** A name for others to read: whatever the issuer says is text, on one line and not longer than a line. */
function nameOf(claims: openid.IDToken): string {
  const { name, preferred_username: login, sub } = claims;
  const given = [name, login].find(isName) ?? sub;
  const line = given.replaceAll(/\p{C}+/gu, ' ').trim();
  return line.slice(0, NAME_LENGTH_MAX);
}

function isName(claim: unknown): claim is string {
  return typeof claim === 'string' && claim.trim() !== '';
}

function rolesOf(claim: unknown): readonly string[] {
  const given: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  return ROLES.filter((role) => given.includes(role));
}
