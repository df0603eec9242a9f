/** `lengjing start`: everything on this machine, the two afternoons told, and an API to try. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { KafkaConnection } from '#messaging';
import type { Command, CommandContext } from '../command.ts';
import { ownBrokers, ownDatabase } from '../own-servers.ts';
import { startChild, type Child, type ProgramName } from '../start/children.ts';
import { consolePort, pagePort } from '../start/console-port.ts';
import { HomeLock } from '../start/home-lock.ts';
import { overChannel, overKafka, type LogToEngine } from '../start/log-to-engine.ts';
import { journalKeys } from '../start/journal-key.ts';
import { Paper } from '../start/paper.ts';
import { checkout, createTopics, migrate } from '../start/preparation.ts';
import { DEV_USERS } from '../start/issuer/dev-users.ts';
import { startDevIssuer, type DevIssuer } from '../start/issuer/dev-issuer.ts';
import { broker, databaseServer, type Broker, type DatabaseServer } from '../start/servers.ts';
import { tellStory } from '../start/story.ts';
import { linkTo } from '../start/your-turn.ts';
import { codeOf } from '../text-lines.ts';
import { CommandFailed } from '../usage.ts';

export const command: Command = {
  summary: 'start everything on this machine and tell the two afternoons',
  help: `lengjing start [--no-kafka] [--no-story]

Brings up PostgreSQL and Apache Kafka under .lengjing/ (or uses DATABASE_URL and KAFKA_BROKERS), the topics,
risk-engine, risk-worker, ops-console and payer-page, plays the two cases through them and stays up until Ctrl-C.

  --no-kafka   with a log inside the engine's process instead of a broker; the engine is the same
  --no-story   without the two cases

PORT is the console's port (8080, or the next free one where PORT is not given). LENGJING_HOME is the folder of data, logs
and downloads instead of .lengjing/; where you are root, other users must be able to enter it.`,
  async run(args, context) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        kafka: { type: 'boolean', default: true },
        story: { type: 'boolean', default: true },
      },
      allowNegative: true,
    });
    const paper = new Paper(process.stdout);
    const started = new Start(context, paper);
    try {
      await started.run(values.kafka, values.story);
      return 0;
    } finally {
      await started.down();
    }
  },
};

const LOGIN_KEYS = /^LENGJING_(OIDC_\w+|PUBLIC_URL)$/;

class Start {
  readonly #env: CommandContext['env'];
  readonly #paper: Paper;
  readonly #home: string;
  readonly #children: Child[] = [];
  #stopping = false;
  readonly #asked = Promise.withResolvers<string | undefined>();
  #lock: HomeLock | undefined;
  #database: DatabaseServer | undefined;
  #broker: Broker | undefined;
  #log: LogToEngine | undefined;
  #issuer: DevIssuer | undefined;

  constructor({ env, fileOf }: CommandContext, paper: Paper) {
    this.#env = env;
    const given = env['LENGJING_HOME'];
    this.#home = given === undefined || given === '' ? `${checkout()}/.lengjing` : fileOf(given);
    this.#paper = paper;
    const ask = (): void => this.#asked.resolve(undefined);
    process.once('SIGINT', ask);
    process.once('SIGTERM', ask);
  }

  /** Resolves on Ctrl-C, whenever it comes; throws when something cannot be started, or when one of the programs ended by itself. */
  async run(withKafka: boolean, withStory: boolean): Promise<void> {
    const up = this.#up(withKafka, withStory);
    await Promise.race([up, this.#asked.promise]);
    const reason = await this.#asked.promise;
    // Asked for in the middle of the start: what it was about to start must be known before it can be stopped.
    this.#stopping = true;
    this.#paper.note('\n正在停止 Stopping …');
    await up.catch(() => undefined);
    if (reason !== undefined) throw new CommandFailed(reason);
  }

  async #up(withKafka: boolean, withStory: boolean): Promise<void> {
    const startedAt = performance.now();
    const port = await consolePort(this.#env['PORT']);
    await this.#makeHome();
    const database = await this.#servers(withKafka);
    this.#unlessStopping();
    await migrate(database.url);
    const kafka = this.#kafka();
    if (kafka !== undefined) await createTopics(kafka);
    this.#unlessStopping();
    const token = randomBytes(32).toString('hex');
    const console_ = await this.#programs(database.url, { token, port });
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    this.#paper.note(`就绪 Ready in ${seconds} s — ${this.#where()}`);
    if (withStory) {
      const log = kafka === undefined ? overChannel(this.#engine()) : await overKafka(kafka);
      this.#log = {
        ...log,
        send: async (event) => {
          this.#unlessStopping();
          await log.send(event);
        },
      };
      const held = await tellStory(this.#log, this.#paper, Date.now());
      this.#paper.yourTurn(await linkTo(held, { port: console_.port, token }));
    }
    this.#tellApi(console_.port, token);
  }

  #unlessStopping(): void {
    if (this.#stopping) throw new CommandFailed('asked to stop in the middle of the start');
  }

  /** Ends everything that was started, what uses a server before the server. */
  async down(): Promise<void> {
    // A broker that is gone cannot be taken leave of.
    await this.#log?.close().catch(() => undefined);
    await Promise.all(this.#children.map((child) => child.stop()));
    await Promise.all([this.#broker?.stop(), this.#database?.stop(), this.#issuer?.stop()]);
    await this.#lock?.release();
  }

  async #makeHome(): Promise<void> {
    try {
      await mkdir(`${this.#home}/logs`, { recursive: true });
      this.#lock = await HomeLock.take(this.#home);
    } catch (error) {
      if (error instanceof CommandFailed) throw error;
      throw new CommandFailed(
        `${this.#home} cannot be written (${codeOf(error)}): make it writable, or set LENGJING_HOME to a folder that is`,
      );
    }
  }

  async #servers(withKafka: boolean): Promise<DatabaseServer> {
    const [ownUrl, given] = [ownDatabase(this.#env), ownBrokers(this.#env)?.join(',')];
    // Settled, not raced: whatever started must be known to be stopped.
    const [database, broker_] = await Promise.allSettled([
      databaseServer(ownUrl, this.#home),
      broker({
        given,
        wanted: withKafka,
        home: this.#home,
        paper: this.#paper,
      }),
    ]);
    if (database.status === 'fulfilled') this.#database = database.value;
    if (broker_.status === 'fulfilled') this.#broker = broker_.value;
    if (database.status === 'rejected') throw database.reason;
    if (broker_.status === 'rejected') throw broker_.reason;
    return database.value;
  }

  #kafka(): KafkaConnection | undefined {
    const brokers = this.#broker?.brokers?.split(',').map((one) => one.trim());
    return brokers === undefined ? undefined : { brokers, clientId: 'lengjing-start' };
  }

  async #programs(
    databaseUrl: string,
    { token, port }: { token: string; port: string },
  ): Promise<Child> {
    const common = { DATABASE_URL: databaseUrl, LOG_LEVEL: this.#env['LOG_LEVEL'] ?? 'info' };
    const brokers = this.#broker?.brokers;
    const keys = this.#env['LENGJING_CODE_KEYS'];
    const key = keys === undefined ? this.#env['LENGJING_CODE_KEY'] : undefined;
    const client = {
      name: 'start',
      permissions: [
        'holds:read',
        'holds:release',
        'holds:cancel',
        'holds:extend',
        'payees:quiet',
        'payer-links:mint',
      ],
    };
    const hash = createHash('sha256').update(token).digest('hex');
    const seals = await journalKeys(this.#env['LENGJING_JOURNAL_KEYS'], this.#home);
    const page = await pagePort();
    const pageUrl = { PAYER_PAGE_URL: `http://127.0.0.1:${page}` };
    const login = await this.#login(`http://127.0.0.1:${port}`);
    const started = await Promise.allSettled([
      this.#child('risk-engine', {
        ...common,
        PORT: '0',
        ...(brokers === undefined ? { LENGJING_LOG: 'in-process' } : { KAFKA_BROKERS: brokers }),
        ...(key === undefined ? {} : { LENGJING_CODE_KEY: key }),
        ...(keys === undefined ? {} : { LENGJING_CODE_KEYS: keys }),
      }),
      this.#child('risk-worker', { ...common, PORT: '0', LENGJING_JOURNAL_KEYS: seals }),
      this.#child('ops-console', {
        ...common,
        ...pageUrl,
        ...login,
        PORT: port,
        LENGJING_API_TOKENS: JSON.stringify({ [hash]: client }),
      }),
      this.#child('payer-page', { ...common, ...pageUrl, PORT: page }),
    ]);
    for (const one of started) if (one.status === 'rejected') throw one.reason;
    const [, , console_] = started;
    if (console_.status !== 'fulfilled') throw new CommandFailed('ops-console did not start');
    return console_.value;
  }

  /** The console's login: the person's own issuer where one is given, a development one otherwise. */
  async #login(publicUrl: string): Promise<Readonly<Record<string, string>>> {
    if (this.#env['LENGJING_OIDC_ISSUER'] !== undefined) {
      const own = Object.entries(this.#env).filter(([key]) => LOGIN_KEYS.test(key));
      return { LENGJING_PUBLIC_URL: publicUrl, ...Object.fromEntries(own) };
    }
    this.#issuer = await startDevIssuer(publicUrl);
    return {
      LENGJING_PUBLIC_URL: publicUrl,
      LENGJING_OIDC_ISSUER: this.#issuer.issuer,
      LENGJING_OIDC_CLIENT_ID: this.#issuer.clientId,
      LENGJING_OIDC_CLIENT_SECRET: this.#issuer.clientSecret,
      LENGJING_OIDC_AUDIENCE: this.#issuer.audience,
    };
  }

  async #child(name: ProgramName, env: Readonly<Record<string, string>>): Promise<Child> {
    const child = await startChild({
      name,
      env,
      inherited: this.#env,
      logs: `${this.#home}/logs`,
      onEnded: (reason) => this.#asked.resolve(reason),
    });
    this.#children.push(child);
    return child;
  }

  #engine(): Child['process'] {
    const engine = this.#children.find(({ name }) => name === 'risk-engine');
    if (engine === undefined) throw new CommandFailed('risk-engine is not running');
    return engine.process;
  }

  #where(): string {
    const brokers = this.#broker?.brokers;
    return brokers === undefined
      ? 'PostgreSQL, 进程内日志 in-process log (no Kafka: nothing of the log survives the end)'
      : `PostgreSQL, Kafka ${brokers}`;
  }

  #tellLogin(port: number): void {
    if (this.#issuer === undefined) return;
    const people = DEV_USERS.map(
      ({ login, name, roles }) => `  ${login.padEnd(6)} ${name}  ${roles.join(', ')}`,
    );
    this.#paper.note(`
登录 Sign in  http://127.0.0.1:${port}/auth/login?next=/api/v1/queue（密码 password ${this.#issuer.password}）
还没有界面，浏览器里先看接口的回答 No screens yet: the browser shows what the API answers, as one of
${people.join('\n')}`);
  }

  #tellApi(port: number, token: string): void {
    const url = `http://127.0.0.1:${port}/api/v1/holds?state=open`;
    this.#tellLogin(port);
    this.#paper.note(`
接口 API    http://127.0.0.1:${port}/api/v1
令牌 Token  ${token}
试试 Try    curl -s -H 'Authorization: Bearer ${token}' '${url}'
日志 Logs   ${this.#home}/logs
Ctrl-C 停止 ends everything; 数据保留 the data stays for the next start.`);
  }
}
