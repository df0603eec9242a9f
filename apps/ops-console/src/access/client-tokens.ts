/** Access tokens of machine clients (client credentials, JWT as RFC 9068): checked with the issuer's keys, permissions by scope. */
import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose';
import { PERMISSIONS, type ApiClient, type Permission } from '#config';

export interface ClientTokens {
  /** The client behind a token, or undefined where it is not one that we may believe. */
  check(token: string): Promise<ApiClient | undefined>;
}

export interface Issued {
  readonly issuer: string;
  readonly audience: string;
  /** Where the issuer's keys are; asked for once, when the first token comes. */
  readonly jwksUri: () => Promise<string>;
}

export function clientTokens({ issuer, audience, jwksUri }: Issued): ClientTokens {
  let keys: Promise<ReturnType<typeof createRemoteJWKSet>> | undefined;
  const load = async (): Promise<ReturnType<typeof createRemoteJWKSet>> =>
    createRemoteJWKSet(new URL(await jwksUri()));
  return {
    async check(token) {
      keys ??= load();
      try {
        const { payload } = await jwtVerify(token, await keys, {
          issuer,
          audience,
          typ: 'at+jwt',
          algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
          requiredClaims: ['client_id', 'exp'],
        });
        return clientOf(payload);
      } catch {
        // Not ours, not valid any more, or the issuer is away: in each case nobody is let in by it.
        keys = undefined;
        return undefined;
      }
    },
  };
}

/** A token of a person is refused: people sign in. */
function clientOf({ client_id: name, sub, scope }: JWTPayload): ApiClient | undefined {
  if (typeof name !== 'string' || (sub !== undefined && sub !== name)) return undefined;
  const asked = typeof scope === 'string' ? scope.split(' ') : [];
  const permissions = PERMISSIONS.filter((one): one is Permission => asked.includes(one));
  return { name, permissions };
}
