/** Links to the payer page: minted by the platform's machine client for one hold and one purpose, good once and for a quarter of an hour. */
import { MINUTE_MS, type Instant, type Locale } from '#domain';
import type { Clock, Hashing } from '../ports/clock.ts';
import type { HoldStore } from '../ports/hold-store.ts';
import type { LinkPurpose, PageSession, PayerStore } from '../ports/payer-store.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { localeFrom } from './locale.ts';

export interface PayerLinkDeps {
  readonly unitOfWork: UnitOfWork;
  readonly holds: Pick<HoldStore, 'find'>;
  readonly payers: PayerStore;
  readonly clock: Clock;
  readonly hashing: Hashing;
}

/** From minting to opening. */
export const LINK_MS = 15 * MINUTE_MS;
/** From opening to having to ask the app again: long enough to read, think and ask somebody. */
export const SESSION_MS = 30 * MINUTE_MS;

export interface LinkRequest {
  readonly holdId: string;
  /** Whose hold it must be. */
  readonly payerId: string;
  readonly purpose: LinkPurpose;
  readonly platformSession?: string;
  /** What the payer's app shows; the profile's language otherwise. */
  readonly locale?: Locale;
}

export type LinkResult =
  | { readonly ok: true; readonly token: string; readonly expiresAt: Instant }
  | { readonly ok: false; readonly code: 'hold_unknown' | 'needs_session' };

/** Mints a link. The token is returned once and kept nowhere; a hold of somebody else is one that does not exist. */
export async function mintPayerLink(
  deps: PayerLinkDeps,
  request: LinkRequest,
): Promise<LinkResult> {
  const { holdId, payerId, purpose, platformSession } = request;
  const hold = await deps.holds.find(holdId);
  if (hold === undefined || hold.payerId !== payerId) return { ok: false, code: 'hold_unknown' };
  if (purpose === 'reconfirm' && platformSession === undefined) {
    return { ok: false, code: 'needs_session' };
  }
  const locale = request.locale ?? localeFrom(await deps.payers.localeOf(payerId));
  const token = freshSecret(deps.hashing);
  const mintedAt = deps.clock.now();
  const expiresAt = mintedAt + LINK_MS;
  const link = {
    tokenHash: hashOf(token, deps.hashing),
    holdId,
    payerId,
    purpose,
    ...(platformSession === undefined ? {} : { platformSession }),
    locale,
    mintedAt,
    expiresAt,
  };
  await deps.unitOfWork.run((tx) => deps.payers.saveLink(tx, link));
  return { ok: true, token, expiresAt };
}

export interface OpenedPage {
  /** For the cookie; kept nowhere. */
  readonly secret: string;
  readonly session: PageSession;
}

/** Exchanges a link's token for a session. Undefined for whatever is not a fresh link of ours, whyever. */
export async function openPayerLink(
  deps: PayerLinkDeps,
  token: string,
): Promise<OpenedPage | undefined> {
  if (!isSecret(token)) return undefined;
  const secret = freshSecret(deps.hashing);
  const now = deps.clock.now();
  const spent = {
    tokenHash: hashOf(token, deps.hashing),
    sessionHash: hashOf(secret, deps.hashing),
    now,
    endsAt: now + SESSION_MS,
  };
  const session = await deps.unitOfWork.run((tx) => deps.payers.spendLink(tx, spent));
  return session === undefined ? undefined : { secret, session };
}

/** The session behind a cookie; undefined where there is none or it is over. */
export async function findPageSession(
  deps: PayerLinkDeps,
  secret: string | undefined,
): Promise<PageSession | undefined> {
  if (secret === undefined || !isSecret(secret)) return undefined;
  return deps.payers.session(hashOf(secret, deps.hashing), deps.clock.now());
}

const SECRET_BYTES = 32;
const SECRET = /^[\da-f]{64}$/;

function isSecret(text: string): boolean {
  return SECRET.test(text);
}

function freshSecret(hashing: Hashing): string {
  return hex(hashing.randomBytes(SECRET_BYTES));
}

/** 256 random bits cannot be found by trying: a plain hash keeps them. */
function hashOf(secret: string, hashing: Hashing): string {
  const bytes = Uint8Array.from(secret, (one) => one.charCodeAt(0));
  return hex(hashing.sha256(bytes));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
