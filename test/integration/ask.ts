/** How a spec asks for one of the run's shared servers. */

/** Starts the server where nobody has asked before, and resolves with what `servers.mjs` tells about it. */
export async function askForServer(name: string): Promise<Readonly<Record<string, unknown>>> {
  const desk = process.env['JEST_SHARED_SERVERS'];
  if (desk === undefined) {
    throw new Error('run the specs through jest with --selectProjects integration');
  }
  const answer = await fetch(`${desk}/${name}`);
  const told = (await answer.json()) as Readonly<Record<string, unknown>>;
  if (!answer.ok)
    throw new Error(`the test server ${name} did not start: ${String(told['error'])}`);
  return told;
}
