/**
 * Mrs Xu's afternoon with Lengjing, end to end: the engine on Kafka and PostgreSQL, a processor that obeys, the page on her phone. Her code
 * typed as an amount is held, she is told in her language, she cancels, the loan is never paid out, and she has at the end what she had.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { digestCode } from '#contracts';
import type { SealedEntry } from '#domain';
import { overKafka, type LogToEngine } from '../../apps/cli/src/start/log-to-engine.ts';
import { sampleSteps, type SampleEvent } from '../../apps/cli/src/start/sample-stream.ts';
import { Town } from '../../apps/cli/src/start/town.ts';
import { openWorld, PARTITIONS, type Run, type World } from '../integration/engine-world.ts';
import { jsonOf } from '../integration/engine-topics.ts';
import { freePort, sha256 } from '../integration/payer-world.ts';
import { openBrowser, openPhone, screenshot } from './browser.ts';

const OWN_MINOR = 2_000_000;
const CODE_KEY = 'key-of-the-spec-and-of-nothing-else';

let world: World;
let run: Run;
let log: LogToEngine | undefined;
let town: Town;
let browser: Browser;
let mint: (holdId: string, accountId: string) => Promise<string>;

beforeAll(async () => {
  // One after the other: what was opened is closed, also where the next one fails.
  browser = await openBrowser();
  world = await openWorld();
  run = await world.openRun();
  const token = randomBytes(32).toString('hex');
  const client = { name: 'platform', permissions: ['holds:read', 'payer-links:mint'] };
  const port = String(await freePort());
  const pageUrl = { PAYER_PAGE_URL: `http://127.0.0.1:${port}` };
  const [, , console_] = await Promise.all([
    run.start('risk-engine', { LENGJING_CODE_KEY: CODE_KEY }),
    run.start('payer-page', { ...pageUrl, PORT: port }),
    run.start('ops-console', {
      ...pageUrl,
      LENGJING_API_TOKENS: JSON.stringify({ [sha256(token)]: client }),
    }),
  ]);
  mint = async (holdId, accountId) => {
    const answer = await fetch(`http://127.0.0.1:${console_.port}/api/v1/payer-links`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ holdId, payer: { accountId } }),
    });
    return ((await answer.json()) as { readonly url: string }).url;
  };
  log = await overKafka(world.kafka.connection('spec-town'));
  town = new Town(log);
});
afterAll(async () => {
  await log?.close();
  await browser?.close();
  await world?.close();
});

const steps = sampleSteps('xu', Date.now(), 'spec');
const events = steps.map(({ sent }) => sent);
const first = events[0] as SampleEvent;
const { accountId: payer } = first.data['payer'] as { readonly accountId: string };

/** An event of another platform, at the time of one of hers. */
function beside(event: SampleEvent, type: string, data: object): SampleEvent {
  return {
    ...event,
    id: `${event.id}:${type}`,
    type: `io.lengjing.${type}.v1`,
    data: { payer: { accountId: payer }, ...data },
  };
}

it('ends with what she had, and everything is in the journal in order', async () => {
  town.ledger.deposit(payer, OWN_MINOR);
  await town.send(
    beside(first, 'payer.updated', { locale: 'zh-CN', contactRefs: { sms: 'ref-sms-xu' } }),
  );
  for (const event of events) await happen(event);

  // The caller told her to borrow; the platform asked first, and nothing was lent.
  expect(draws).toHaveLength(2);
  for (const { subjectId } of draws)
    expect(town.processor.stateOf('draw', subjectId)).toBe('stopped');
  expect(town.balances(payer)).toEqual({ free: OWN_MINOR, reserved: 0, debt: 0 });
  expect(town.balances('card-6217-xu-mule-spec').free).toBe(0);

  await run.settle();
  const { holds } = await run.database.holdStore.list({ state: 'open', payerId: payer, limit: 10 });
  expect(holds).toEqual([]);
  await alertsAreHers();
  await journalIsInOrder();
});

const draws: { readonly subjectId: string }[] = [];

/** One event of the afternoon, and what she does when something of it is held: open the page and cancel. */
async function happen(event: SampleEvent): Promise<void> {
  // Paying out is the platform's to decide now.
  if (event.type.includes('.credit.drawn.')) return;
  if (event.type.includes('.transfer.failed.')) return town.processor.returned(event);
  const subjectId = event.data['transferId'] ?? event.data['drawId'];
  if (typeof subjectId !== 'string') return town.send(event);
  if (subjectId.startsWith('XU-t8')) await theCodeIsShown(event);
  if (town.processor.request(event) === 'insufficient_funds') return;
  const decision = await town.decision(subjectId);
  if (decision.outcome !== 'hold') return;
  await town.obeyed(subjectId, 'hold');
  if (event.data['drawId'] !== undefined) draws.push({ subjectId });
  await cancelOnThePage(subjectId);
}

/** The hijacked page gives her 06919, and its issuer reports that a code was shown. */
async function theCodeIsShown(event: SampleEvent): Promise<void> {
  const code = { codeId: 'code-xu-1', code: '06919', key: CODE_KEY };
  const shown = {
    codeId: code.codeId,
    origin: 'page',
    digits: 5,
    keyId: 'default',
    digests: digestCode(code),
    expiresAt: new Date(Date.parse(event.time) + 600_000).toISOString(),
  };
  await town.send(beside(event, 'code.observed', shown));
  // She reads it and types it. Nobody does that in the moment in which it is shown.
  await sleep(1_000);
}

async function cancelOnThePage(subjectId: string): Promise<void> {
  const hold = town.openHolds().find((one) => one.subjectId === subjectId);
  if (hold === undefined) throw new Error('what is held has no hold');
  const phone = await openPhone(browser);
  await phone.goto(await mint(hold.holdId, payer));
  await phone.getByRole('button').click();
  if (subjectId.startsWith('XU-t8')) await screenshot(phone, 'xu-code-as-amount');
  await phone.getByRole('button', { name: /取消这笔/ }).click();
  expect(await phone.getByRole('heading', { level: 1 }).textContent()).toMatch(/^已取消/);
  await phone.context().close();
  // The processor is told over Kafka, and obeys.
  await town.obeyed(subjectId, 'cancel');
}

/** Alert A for the code, in Chinese, by her contact reference, without the code. */
async function alertsAreHers(): Promise<void> {
  const alerts = run.published
    .filter(({ topic }) => topic === 'risk.alerts')
    .map(
      (record) =>
        jsonOf(record) as Record<string, unknown> & { notice: { template: string; text: string } },
    );
  expect(alerts[0]).toMatchObject({
    payer: { accountId: payer },
    audience: 'payer',
    channel: 'sms',
    contactRef: 'ref-sms-xu',
    locale: 'zh-CN',
    notice: { template: 'code_as_amount' },
  });
  expect(alerts[0]?.notice.text).toMatch(
    /6,919元已拦下，钱还没有转出.*把验证码填进金额就是付款.*挂断电话/,
  );
  expect(JSON.stringify(alerts)).not.toContain('06919');
}

/** For every hold: decided, placed, told, obeyed, cancelled by her, obeyed. */
async function journalIsInOrder(): Promise<void> {
  const entries: SealedEntry[] = [];
  for (let chain = 0; chain < PARTITIONS; chain += 1) {
    entries.push(...(await run.database.journalStore.readAfter(chain, 0, 10_000)));
  }
  const read = entries.map(({ type, canonical }) => {
    const { body } = JSON.parse(canonical) as { readonly body: Record<string, unknown> };
    const { hold } = body as { readonly hold?: { readonly holdId: string } };
    return { type, holdId: body['holdId'] ?? hold?.holdId, actor: body['actor'] };
  });
  const { holds } = await run.database.holdStore.list({ state: 'all', payerId: payer, limit: 100 });
  const hers = holds.filter(({ ended }) => ended?.actor === 'payer');
  expect(hers.length).toBeGreaterThanOrEqual(4);
  for (const { holdId } of hers) {
    const ofHold = read.filter((entry) => entry.holdId === holdId).map(({ type }) => type);
    expect(ofHold).toEqual([
      'decision.made',
      'hold.placed',
      'alert.requested',
      'hold.acknowledged',
      'hold.cancelled',
      'hold.acknowledged',
    ]);
  }
}
