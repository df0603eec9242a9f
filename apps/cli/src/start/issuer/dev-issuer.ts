/**
 * A real OpenID Connect issuer for development, so that signing in works the way it will with the real one. It knows its people and one
 * password that is drawn at every start, and it refuses any address but loopback.
 */
import { randomBytes, timingSafeEqual, createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider, type Configuration } from 'oidc-provider';
import { PERMISSIONS, isLoopback } from '#config';
import { CommandFailed } from '../../usage.ts';
import { DevMemory } from './dev-memory.ts';
import { DEV_USERS } from './dev-users.ts';
import { loginPage } from './login-page.ts';

export interface DevIssuer {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Audience of machine clients' tokens. */
  readonly audience: string;
  /** A machine client for client credentials. */
  readonly machine: { readonly clientId: string; readonly clientSecret: string };
  /** The one password of all users. */
  readonly password: string;
  stop(): Promise<void>;
}

const AUDIENCE = 'urn:lengjing:console';
const CLIENT_ID = 'lengjing-console';
const MACHINE_ID = 'reference-processor';

/** Listens on `host` (loopback or refused) and sends people back to `publicUrl` alone. */
export async function startDevIssuer(publicUrl: string, host = '127.0.0.1'): Promise<DevIssuer> {
  if (!isLoopback(host) || !isLoopback(new URL(publicUrl).hostname)) {
    throw new CommandFailed('the development login serves loopback only: configure a real issuer');
  }
  const secrets = { client: token(), machine: token(), password: token().slice(0, 12) };
  const server = createServer();
  const issuer = `http://${host}:${await listen(server, host)}`;
  const provider = new Provider(issuer, await configuration(publicUrl, secrets));
  const serve = provider.callback();
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/interaction/') === true) {
      void interact(provider, secrets.password, request, response);
    } else void serve(request, response);
  });
  return {
    issuer,
    clientId: CLIENT_ID,
    clientSecret: secrets.client,
    audience: AUDIENCE,
    machine: { clientId: MACHINE_ID, clientSecret: secrets.machine },
    password: secrets.password,
    stop: () => stop(server),
  };
}

interface Secrets {
  readonly client: string;
  readonly machine: string;
  readonly password: string;
}

async function configuration(publicUrl: string, secrets: Secrets): Promise<Configuration> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'development' };
  return {
    adapter: DevMemory,
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: secrets.client,
        redirect_uris: [`${publicUrl}/auth/callback`],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
      {
        client_id: MACHINE_ID,
        client_secret: secrets.machine,
        redirect_uris: [],
        response_types: [],
        grant_types: ['client_credentials'],
      },
    ],
    jwks: { keys: [key] },
    cookies: { keys: [token()] },
    pkce: { required: () => true },
    claims: { openid: ['sub'], profile: ['name', 'roles'] },
    conformIdTokenClaims: false,
    scopes: ['openid', ...PERMISSIONS],
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, login) => accountOf(login),
    // Our own console needs nobody's consent to know who signed in.
    async loadExistingGrant(context) {
      const { client, session, provider } = context.oidc;
      if (client === undefined || session?.accountId === undefined) return undefined;
      const grant = new provider.Grant({
        clientId: client.clientId,
        accountId: session.accountId,
      });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
    ttl: { Session: 3_600, Interaction: 600, Grant: 3_600, AccessToken: 600, IdToken: 600 },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        getResourceServerInfo: () => ({
          scope: PERMISSIONS.join(' '),
          audience: AUDIENCE,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 600,
        }),
      },
    },
  };
}

function accountOf(login: string): Awaited<ReturnType<NonNullable<Configuration['findAccount']>>> {
  const user = DEV_USERS.find((one) => one.login === login);
  if (user === undefined) return undefined;
  return {
    accountId: user.login,
    claims: () => ({ sub: user.login, name: user.name, roles: [...user.roles] }),
  };
}

const FORM_BYTES_MAX = 4_096;

async function interact(
  provider: Provider,
  password: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const { uid } = await provider.interactionDetails(request, response);
    if (request.method !== 'POST') return page(response, uid, false);
    const form = new URLSearchParams(await bodyOf(request));
    const user = DEV_USERS.find(({ login }) => login === form.get('login'));
    if (user === undefined || !equal(form.get('password') ?? '', password)) {
      return page(response, uid, true);
    }
    const result = { login: { accountId: user.login } };
    await provider.interactionFinished(request, response, result, {
      mergeWithLastSubmission: false,
    });
  } catch {
    response.statusCode = 400;
    response.setHeader('content-type', 'text/plain; charset=utf-8');
    response.end(
      '登录已过期，请从控制台重新开始。 This login has ended: begin again from the console.',
    );
  }
}

function page(response: ServerResponse, uid: string, failed: boolean): void {
  response.statusCode = failed ? 401 : 200;
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'");
  response.setHeader('cache-control', 'no-store');
  response.end(loginPage(`/interaction/${uid}`, failed));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const part of request) {
    body += String(part);
    if (body.length > FORM_BYTES_MAX) throw new Error('the form is too large');
  }
  return body;
}

function token(): string {
  return randomBytes(24).toString('base64url');
}

function equal(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}

function listen(server: Server, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
