/** `lengjing policy`: a policy checked before it decides about people, two compared in words, and the one that comes with the program. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  POLICY_BYTES_MAX,
  defaultPolicy,
  defaultPolicyText,
  diffPolicies,
  lintPolicy,
  type PolicyFinding,
} from '#contracts';
import type { Policy } from '#domain';
import type { Command, CommandContext } from '../command.ts';
import { policyOf } from '../policy-file.ts';
import { CommandFailed, UsageError } from '../usage.ts';

export const command: Command = {
  summary: 'check a policy file, compare two in words, print the default',
  help: `lengjing policy lint FILE
lengjing policy diff A [B]
lengjing policy show

lint   every mistake with line and column, and what is taken but may not do what was meant; exits with 1 where
       something refuses the file
diff   what policy B would do differently from A, in words; without B what A does differently from the default;
       exits with 0 whether they differ or not
show   prints the policy that comes with the program, to start a file of one's own from`,
  async run(args, context) {
    const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} });
    const [verb, ...files] = positionals;
    switch (verb) {
      case 'lint':
        return lint(only(files, 1, 'policy lint needs one file'), context);
      case 'diff':
        return diff(files, context);
      case 'show':
        only(files, 0, 'policy show takes no file');
        process.stdout.write(defaultPolicyText());
        return 0;
      default:
        throw new UsageError('policy needs lint FILE, diff A [B] or show');
    }
  },
};

function only(files: readonly string[], count: number, otherwise: string): readonly string[] {
  if (files.length !== count) throw new UsageError(otherwise);
  return files;
}

function lint([file = '']: readonly string[], { fileOf }: CommandContext): number {
  const findings = lintPolicy(textOf(file, fileOf(file)));
  for (const finding of findings) process.stdout.write(`${file}:${findingText(finding)}\n`);
  const errors = findings.filter(({ level }) => level === 'error').length;
  const warnings = findings.length - errors;
  process.stdout.write(
    errors > 0
      ? `${counted(errors, 'error')}, ${counted(warnings, 'warning')}: the file is refused\n`
      : `0 errors, ${counted(warnings, 'warning')}: ${nameOf(policyOf(fileOf(file)))}\n`,
  );
  return errors > 0 ? 1 : 0;
}

function textOf(name: string, path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    throw new CommandFailed(`${name} cannot be read: give the path of a policy file`);
  }
  if (bytes.length > POLICY_BYTES_MAX) {
    throw new CommandFailed(`${name} is larger than ${POLICY_BYTES_MAX} bytes: no policy is`);
  }
  return bytes.toString('utf8');
}

function findingText({ line, column, level, path, message, about }: PolicyFinding): string {
  const place = path === '' ? 'the file' : path;
  return `${line}:${column}: ${level}: ${place} ${message}${about === '' ? '' : ` (${about})`}`;
}

function diff(files: readonly string[], { fileOf }: CommandContext): number {
  const [first, second] = files;
  if (first === undefined || files.length > 2) throw new UsageError('policy diff needs A and B');
  const a = second === undefined ? defaultPolicy() : policyOf(fileOf(first));
  const b = policyOf(fileOf(second ?? first));
  const changes = diffPolicies(a, b);
  process.stdout.write(`from ${nameOf(a)}\n  to ${nameOf(b)}\n`);
  if (changes.length === 0) {
    process.stdout.write('they say the same\n');
    return 0;
  }
  for (const { words } of changes) process.stdout.write(`- ${words}\n`);
  if (a.id === b.id && a.version === b.version) {
    process.stdout.write(
      'both have the same id and version: give the new one a version of its own\n',
    );
  }
  return 0;
}

function nameOf({ id, version, digest }: Policy): string {
  return `${id} ${version}, digest ${digest.slice(0, 16)}…`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
