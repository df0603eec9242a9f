/** What every command is made of. */

export interface CommandContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The file a person means by a path. */
  readonly fileOf: (path: string) => string;
}

export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  readonly help: string;
  /** Of a command with verbs: the help of the verb that is asked for, where there is one. */
  helpOf?(args: readonly string[]): Promise<string | undefined>;
  /** Returns the exit status. Throws `UsageError` and `CommandFailed` for what one line explains. */
  run(args: readonly string[], context: CommandContext): Promise<number>;
}
