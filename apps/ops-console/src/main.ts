/** ops-console: HTTP for staff, auditors, processors and the payer page. */
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { readConsoleConfig, withSecretFiles } from '#config';
import { runProgram } from '#observability';
import { startConsole } from './start-console.ts';

await runProgram(
  'ops-console',
  () => readConsoleConfig(withSecretFiles(process.env, (path) => readFileSync(path, 'utf8'))),
  startConsole,
);
