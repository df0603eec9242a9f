/** A mistake in how the command was called: one line, exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A failure that one line explains: exit status 1, no stack. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}
