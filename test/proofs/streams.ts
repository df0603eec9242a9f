/** Streams to prove things on: the shared cases, the samples that come with the program, and payers of simulated populations. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { defaultPolicy, makeCodeBook, readLine } from '#contracts';
import { compareEvents, type CodeBook, type PlatformEvent } from '#domain';
import { SIMULATION_CODE_KEY, SIMULATION_KEY_ID } from '../../apps/cli/src/simulate/code-key.ts';
import { DEFAULT_SETTINGS } from '../../apps/cli/src/simulate/settings.ts';
import { simulate } from '../../apps/cli/src/simulate/simulate.ts';
import { sharedPath } from '../shared-path.ts';

/** An event with the content hash that its reader gave it. */
export interface Read {
  readonly line: string;
  readonly event: PlatformEvent;
  readonly contentHash?: string;
}

/** What happens to one payer, in the order of events. */
export interface Stream {
  readonly name: string;
  readonly payerId: string;
  readonly reads: readonly Read[];
}

export const POLICY = defaultPolicy();
/** The keys of the shared cases and of the simulation. */
export const CODES: CodeBook = makeCodeBook(
  new Map([
    ['default', 'lengjing-acceptance-key'],
    [SIMULATION_KEY_ID, SIMULATION_CODE_KEY],
  ]),
);

/** Throws for a line that is refused. */
export function readAll(lines: readonly string[]): readonly Read[] {
  return lines.flatMap((line, index) => {
    const read = readLine(line, index + 1);
    if (read.kind === 'refused') throw new Error(read.reason);
    if (read.kind === 'ignored') return [];
    const { event, contentHash } = read;
    return [{ line, event, ...(contentHash === undefined ? {} : { contentHash }) }];
  });
}

export function inOrder(reads: readonly Read[]): readonly Read[] {
  return reads.toSorted((a, b) => compareEvents(a.event, b.event));
}

/** One stream for each payer among the lines. */
export function streamsOf(name: string, lines: readonly string[]): readonly Stream[] {
  const payers = Map.groupBy(readAll(lines), ({ event }) => event.payer.accountId);
  return [...payers].map(([payerId, reads]) => ({ name, payerId, reads: inOrder(reads) }));
}

function linesOf(path: string): readonly string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** Lines by case; without the shared folder the two samples that come with the program. */
export function caseLines(): ReadonlyMap<string, readonly string[]> {
  const folder = existsSync(sharedPath('cases')) ? sharedPath('cases') : 'apps/cli/samples';
  const files = readdirSync(folder).filter((file) => file.endsWith('.jsonl'));
  return new Map(
    files.map((file) => [file.replace('.jsonl', ''), linesOf(`${folder}/${file}`)] as const),
  );
}

export function caseStreams(): readonly Stream[] {
  return [...caseLines()].flatMap(([name, lines]) => streamsOf(name, lines));
}

/** Long enough for an episode with what came before and after. */
const DAYS = 3;
const EVENTS_MAX = 120;

/** The payers of a small population in which scams are frequent, of whom something is to be decided. */
export function simulatedStreams(seed: string, payers: number): readonly Stream[] {
  const settings = { ...DEFAULT_SETTINGS, seed, payers, days: DAYS, scamRate: 0.2 };
  const lines: string[] = [];
  for (const batch of simulate(settings)) lines.push(...batch.lines);
  return streamsOf(`simulated ${seed}`, lines).filter(
    ({ reads }) =>
      reads.length <= EVENTS_MAX && reads.some(({ event }) => event.kind === 'transfer.requested'),
  );
}
