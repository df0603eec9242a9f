/** What the figures were measured on: figures without it mean nothing. */
import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';

export interface Machine {
  readonly lines: readonly string[];
}

export function describeMachine(versions: Readonly<Record<string, string>>): Machine {
  const [cpu] = cpus();
  const software = Object.entries({ Node: process.version, ...versions })
    .map(([name, version]) => `${name} ${version}`)
    .join(' · ');
  return {
    lines: [
      `${cpus().length} × ${cpu?.model ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
      software,
      `commit ${commit()}, ${new Date().toISOString()}`,
    ],
  };
}

function commit(): string {
  try {
    const head = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
    const changed = execFileSync('git', ['status', '--porcelain'], { encoding: 'utf8' }) !== '';
    return changed ? `${head} with changes` : head;
  } catch {
    return 'unknown';
  }
}
