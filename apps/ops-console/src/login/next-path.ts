/** Where a person goes after signing in: a path of ours and nothing else. */

const LENGTH_MAX = 1_000;

/**
 * The path to go on to; `/` for whatever could lead away from us: other origins in any spelling (`//host`, `/\host`, tabs and line
 * ends that browsers drop), schemes, and the login itself.
 */
export function nextPath(wanted: unknown): string {
  if (typeof wanted !== 'string' || wanted.length > LENGTH_MAX) return '/';
  if (!/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(wanted)) return '/';
  const here = 'http://here.invalid';
  if (!URL.canParse(wanted, here)) return '/';
  const { origin, pathname, search, hash } = new URL(wanted, here);
  if (origin !== here || pathname.startsWith('//') || pathname.startsWith('/auth/')) return '/';
  return `${pathname}${search}${hash}`;
}
