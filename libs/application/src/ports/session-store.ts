/** Sessions of staff, and logins that are under way. Secrets are kept as their SHA-256 alone, so that reading the table lets nobody in. */
import type { Instant } from '#domain';

export interface StaffMember {
  /** `<issuer>#<subject>`: unique among all issuers. */
  readonly userId: string;
  readonly name: string;
  readonly roles: readonly string[];
}

export interface StaffSession extends StaffMember {
  /** What proves that a page of ours made the request. */
  readonly csrfToken: string;
  readonly startedAt: Instant;
  readonly endsAt: Instant;
}

/** What a login must bring back to be ours. */
export interface LoginAttempt {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** Path of ours to go to afterwards. */
  readonly next: string;
  readonly endsAt: Instant;
}

export interface SessionStore {
  beginLogin(hash: string, attempt: LoginAttempt): Promise<void>;
  /** Gives the attempt once; a second try finds nothing. */
  takeLogin(hash: string, now: Instant): Promise<LoginAttempt | undefined>;
  /** Begins a session and remembers the member as staff to whom cases may be given. */
  begin(hash: string, session: StaffSession): Promise<void>;
  /** The session while it lasts. `idleMs` after its last use it has ended. */
  find(hash: string, now: Instant, idleMs: number): Promise<StaffSession | undefined>;
  end(hash: string): Promise<void>;
  /** Everybody who ever signed in, by name, at most 1,000. */
  staff(): Promise<readonly StaffMember[]>;
  /** Deletes what has ended; returns how many. */
  sweep(now: Instant): Promise<number>;
}
