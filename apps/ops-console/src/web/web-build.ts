/** Serves the built screens: files by their hashed names for good, every other page address as the one page with its own nonce. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { IncomingMessage, ServerResponse } from 'node:http';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};

interface ServedFile {
  readonly bytes: Buffer;
  readonly type: string;
  readonly etag: string;
}

/** The page says where its nonce goes; without the mark it has no inline style and needs none. */
const NONCE_MARK = '__CSP_NONCE__';
const ELSEWHERE = /^\/(api|auth|health|metrics|payer)(\/|$)/;

export type WebServer = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => void;

/** Reads the build into memory once: nothing outside it can be asked for, whatever the address looks like. */
export function webBuild(folder: string): WebServer {
  const files = readFiles(folder);
  const index = files.get('/index.html');
  return (request, response, next) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (!reads || ELSEWHERE.test(path)) return next();
    const file = files.get(path);
    if (file !== undefined && file !== index) return send(request, response, file);
    if (index === undefined || extname(path) !== '') return next();
    return sendPage(request, response, index);
  };
}

function readFiles(folder: string): ReadonlyMap<string, ServedFile> {
  if (!existsSync(folder)) return new Map();
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    paths.flatMap((path): [string, ServedFile][] => {
      const type = TYPES[extname(path)];
      // Source maps and whatever else lies there are not for browsers.
      if (type === undefined) return [];
      const bytes = readFileSync(path);
      const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
      return [[`/${relative(folder, path).split(sep).join('/')}`, { bytes, type, etag }]];
    }),
  );
}

function send(request: IncomingMessage, response: ServerResponse, file: ServedFile): void {
  const hashed = /-[\w-]{8,}\.\w+$/.test(request.url ?? '');
  response.setHeader('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
  response.setHeader('etag', file.etag);
  response.setHeader('content-type', file.type);
  if (request.headers['if-none-match'] === file.etag) {
    response.statusCode = 304;
    response.end();
    return;
  }
  response.end(request.method === 'HEAD' ? undefined : file.bytes);
}

function sendPage(request: IncomingMessage, response: ServerResponse, index: ServedFile): void {
  const nonce = randomBytes(16).toString('base64');
  response.setHeader('content-security-policy', pagePolicy(nonce));
  response.setHeader('content-type', index.type);
  const page = index.bytes.toString('utf8').replaceAll(NONCE_MARK, nonce);
  response.end(request.method === 'HEAD' ? undefined : page);
}

/** Scripts are files of ours alone. Styles may carry the page's nonce; style attributes are what charts place their labels with. */
function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
