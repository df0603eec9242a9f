/** `lengjing simulate`: a seeded population as events and the truth about each transfer, to files, a pipe or Kafka. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Command, CommandContext } from '../command.ts';
import { rateOf, sendingToKafka, type KafkaSending } from '../kafka-sending.ts';
import { Progress } from '../progress.ts';
import { SIMULATION_CODE_KEY, SIMULATION_KEY_ID } from '../simulate/code-key.ts';
import { FEED_TEXT, FEEDS, type Feed } from '../simulate/feeds.ts';
import type { TransferLabel } from '../simulate/labels.ts';
import { isScriptName, SCRIPTS, type ScriptName } from '../simulate/scams/scripts.ts';
import { DEFAULT_SETTINGS, REAL_SHARE, type SimulationSettings } from '../simulate/settings.ts';
import { simulate } from '../simulate/simulate.ts';
import { LineWriter } from '../text-lines.ts';
import { CommandFailed, UsageError } from '../usage.ts';

const SCRIPT_NAMES = Object.keys(SCRIPTS) as ScriptName[];

export const command: Command = {
  summary: 'write a seeded population of payers with scams among them, labelled',
  help: `lengjing simulate [--seed TEXT] [--payers N] [--days N] [--out FILE] [--labels FILE] …

Writes JSON Lines of input events in the order of their times: people with wages, rents, families, shops, codes, calls
and honest loans, and scams by script among them. The same options give the same bytes on every machine.

  --seed TEXT      decides everything that happens (default ${DEFAULT_SETTINGS.seed})
  --payers N       people (default ${DEFAULT_SETTINGS.payers})
  --days N         days (default ${DEFAULT_SETTINGS.days})
  --start TIME     RFC 3339 (default ${new Date(DEFAULT_SETTINGS.start).toISOString()}, midnight in China)
  --out FILE       events (default standard output)
  --labels FILE    one line per transfer: {"transferId","label","script","payerId",…}
  --scam-rate R    scams begun per payer and day (default ${DEFAULT_SETTINGS.scamRate}: enriched, several times life's)
  --scripts A,B    only these scams: ${SCRIPT_NAMES.join(', ')}
  --feeds A,B      only these feeds besides the transfers themselves
  --without A,B    all feeds but these; nothing else changes
  --to-kafka       to the topics of KAFKA_BROKERS instead of a file, as "lengjing send" does
  --rate N         with --to-kafka: events per second at most

Feeds:
${FEEDS.map((feed) => `  ${feed.padEnd(14)} ${FEED_TEXT[feed]}`).join('\n')}

Codes are digested with a public key that is printed: set LENGJING_CODE_KEYS as it says to replay them.`,
  async run(args, context) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seed: { type: 'string' },
        payers: { type: 'string' },
        days: { type: 'string' },
        start: { type: 'string' },
        out: { type: 'string' },
        labels: { type: 'string' },
        'scam-rate': { type: 'string' },
        scripts: { type: 'string' },
        feeds: { type: 'string' },
        without: { type: 'string' },
        'to-kafka': { type: 'boolean' },
        rate: { type: 'string' },
      },
    });
    const settings = settingsOf(values);
    const toKafka = values['to-kafka'] === true;
    const rate = rateOf(values.rate);
    if (rate !== undefined && !toKafka) throw new UsageError('--rate goes with --to-kafka');
    if (toKafka && values.out !== undefined) {
      throw new UsageError('give either --out or --to-kafka');
    }
    const labels = fileWriter(values.labels, context);
    const tally = new Tally();
    if (toKafka) {
      await sendingToKafka(context.env, { command: 'simulate', rate }, (sending) =>
        run(settings, { write: (lines) => sendAll(sending, lines), labels, tally }),
      );
    } else {
      const out = fileWriter(values.out, context) ?? standardOutput();
      await run(settings, { ...out, labels, tally });
      await out.close();
    }
    await labels?.close();
    process.stderr.write(tally.text());
    return 0;
  },
};

interface Out {
  write(lines: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

interface Running extends Pick<Out, 'write'> {
  readonly labels: Out | undefined;
  readonly tally: Tally;
}

async function run(settings: SimulationSettings, { write, labels, tally }: Running): Promise<void> {
  const progress = new Progress('events');
  for (const batch of simulate(settings)) {
    await write(batch.lines);
    await labels?.write(batch.transferLabels.map((label) => JSON.stringify(label)));
    tally.add(batch.lines.length, batch.transferLabels);
    progress.add(batch.lines.length);
  }
  progress.end();
}

async function sendAll(sending: KafkaSending, lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    const sent = sending.line(line);
    if (typeof sent === 'string')
      throw new CommandFailed(`a simulated event cannot be sent: ${sent}`);
    await sent;
  }
}

/** Written at once: what cannot be written is known here, and nothing waits in memory. */
function fileWriter(path: string | undefined, { fileOf }: CommandContext): Out | undefined {
  if (path === undefined) return undefined;
  const said = <T>(act: () => T): T => {
    try {
      return act();
    } catch (error) {
      const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
      throw new CommandFailed(
        `${path} cannot be written (${String(code)}): give a path in a folder that exists`,
      );
    }
  };
  const file = said(() => openSync(fileOf(path), 'w'));
  return {
    write(lines) {
      if (lines.length > 0) said(() => writeFully(file, `${lines.join('\n')}\n`));
      return Promise.resolve();
    },
    close() {
      said(() => closeSync(file));
      return Promise.resolve();
    },
  };
}

function writeFully(file: number, text: string): void {
  let bytes = Buffer.from(text);
  while (bytes.length > 0) bytes = bytes.subarray(writeSync(file, bytes));
}

function standardOutput(): Out {
  const out = new LineWriter(process.stdout);
  return {
    async write(lines) {
      for (const line of lines) await out.write(line);
    },
    close: () => out.flush(),
  };
}

/** What was made, said at the end on standard error. */
class Tally {
  #events = 0;
  #transfers = 0;
  #scams = 0;
  readonly #episodes = new Set<string>();

  add(events: number, labels: readonly TransferLabel[]): void {
    this.#events += events;
    this.#transfers += labels.length;
    for (const { label, episode } of labels) {
      if (label !== 'scam') continue;
      this.#scams += 1;
      if (episode !== undefined) this.#episodes.add(episode);
    }
  }

  text(): string {
    const [events, transfers] = [this.#events, this.#transfers].map((n) => n.toLocaleString('en'));
    const share = this.#transfers === 0 ? 0 : this.#scams / this.#transfers;
    return `${events} events, ${transfers} transfers, ${this.#scams} of them in ${this.#episodes.size} scams: enriched ${(share / REAL_SHARE).toFixed(0)} times over life's 1 in ${1 / REAL_SHARE}
LENGJING_CODE_KEYS='{"${SIMULATION_KEY_ID}":"${SIMULATION_CODE_KEY}"}' (public, for replaying these codes only)
`;
  }
}

type Values = Readonly<Record<string, string | boolean | undefined>>;

/** Throws `UsageError`. */
function settingsOf(values: Values): SimulationSettings {
  const start = values['start'];
  const settings = {
    ...DEFAULT_SETTINGS,
    ...(typeof values['seed'] === 'string' ? { seed: seedOf(values['seed']) } : {}),
    payers: numberOf(values, 'payers', DEFAULT_SETTINGS.payers, 2, 1_000_000),
    days: numberOf(values, 'days', DEFAULT_SETTINGS.days, 1, 3_650),
    scamRate: rateBetween(values['scam-rate'], DEFAULT_SETTINGS.scamRate),
    ...(typeof values['scripts'] === 'string' ? { scripts: scriptsOf(values['scripts']) } : {}),
    without: withoutOf(values['feeds'], values['without']),
  };
  if (typeof start !== 'string') return settings;
  const at = Date.parse(start);
  if (Number.isNaN(at))
    throw new UsageError('--start must be a time like 2026-03-02T00:00:00+08:00');
  return { ...settings, start: at };
}

/** It becomes part of every id. */
function seedOf(text: string): string {
  if (!/^[A-Za-z0-9._-]{1,32}$/.test(text)) {
    throw new UsageError('--seed must be 1 to 32 letters, digits, dots, dashes or underscores');
  }
  return text;
}

function numberOf(
  values: Values,
  name: string,
  fallback: number,
  low: number,
  high: number,
): number {
  const text = values[name];
  const number = text === undefined ? fallback : Number(text);
  if (Number.isInteger(number) && number >= low && number <= high) return number;
  throw new UsageError(`--${name} must be a whole number from ${low} to ${high}`);
}

function rateBetween(text: string | boolean | undefined, fallback: number): number {
  const rate = text === undefined ? fallback : Number(text);
  if (rate >= 0 && rate <= 1) return rate;
  throw new UsageError('--scam-rate must be a number from 0 to 1: scams begun per payer and day');
}

function scriptsOf(text: string): ScriptName[] {
  return listOf(text).map((name) => {
    if (isScriptName(name)) return name;
    throw new UsageError(`there is no script ${name}; one of: ${SCRIPT_NAMES.join(', ')}`);
  });
}

function withoutOf(
  only: string | boolean | undefined,
  without: string | boolean | undefined,
): ReadonlySet<Feed> {
  if (typeof only === 'string' && typeof without === 'string') {
    throw new UsageError('give either --feeds or --without');
  }
  if (typeof without === 'string') return new Set(feedsOf(without));
  if (typeof only !== 'string') return new Set();
  const kept = new Set(feedsOf(only));
  return new Set(FEEDS.filter((feed) => !kept.has(feed)));
}

function feedsOf(text: string): Feed[] {
  return listOf(text).map((name) => {
    const feed = FEEDS.find((one) => one === name);
    if (feed !== undefined) return feed;
    throw new UsageError(`there is no feed ${name}; one of: ${FEEDS.join(', ')}`);
  });
}

function listOf(text: string): string[] {
  return text.split(',').flatMap((one) => one.trim() || []);
}
