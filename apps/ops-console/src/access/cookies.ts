/** The two cookies: one for a session, one for a login under way. Both out of reach of scripts. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface CookieJar {
  session(request: IncomingMessage): string | undefined;
  login(request: IncomingMessage): string | undefined;
  keepSession(response: ServerResponse, value: string, maxAgeS: number): void;
  keepLogin(response: ServerResponse, value: string, maxAgeS: number): void;
  forget(response: ServerResponse): void;
}

/** `secure` where the console is reached over https: the `__Host-` prefix then keeps other hosts and paths from setting them. */
export function cookieJar(secure: boolean): CookieJar {
  const sessionName = secure ? '__Host-lengjing' : 'lengjing';
  const loginName = secure ? '__Host-lengjing-login' : 'lengjing-login';
  // Lax: the issuer sends the browser back by a plain navigation, which must carry the login's cookie.
  const attributes = `; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  const set = (response: ServerResponse, name: string, value: string, maxAgeS: number): void => {
    response.appendHeader('set-cookie', `${name}=${value}; Max-Age=${maxAgeS}${attributes}`);
  };
  return {
    session: (request) => cookieOf(request, sessionName),
    login: (request) => cookieOf(request, loginName),
    keepSession: (response, value, maxAgeS) => set(response, sessionName, value, maxAgeS),
    keepLogin: (response, value, maxAgeS) => set(response, loginName, value, maxAgeS),
    forget(response) {
      set(response, sessionName, '', 0);
      set(response, loginName, '', 0);
    },
  };
}

/** The value, where it is one that we could have set: a name that is given twice counts as none. */
function cookieOf(request: IncomingMessage, name: string): string | undefined {
  const values = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  const [value] = values;
  return values.length === 1 && value !== undefined && /^[\w-]{43}$/.test(value)
    ? value
    : undefined;
}
