/** What is shown of accounts to whoever has not unmasked them. */

const SHOWN = 4;

/** The end of a token: enough to tell two apart on a screen, not enough to use. Short tokens are hidden altogether. */
export function maskAccount(account: string): string {
  return account.length < SHOWN * 2 ? '••••' : `••••${account.slice(-SHOWN)}`;
}
