/** The payer page as a person with a phone meets it, in both languages, without JavaScript. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { HoldRow } from '#application';
import { HOUR_MS, type Locale } from '#domain';
import { openPayerWorld, type PayerWorld } from '../integration/payer-world.ts';
import { PHONE, openBrowser, openPhone, screenshot } from './browser.ts';

let world: PayerWorld;
let browser: Browser;
beforeAll(async () => {
  // One after the other: what was opened is closed, also where the next one fails.
  browser = await openBrowser();
  world = await openPayerWorld();
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

const matured = {
  status: 'matured',
  placedAt: Date.now() - 25 * HOUR_MS,
  dueAt: Date.now() - HOUR_MS,
  orderSequence: 2,
} as const;
const draw = { reasonCodes: ['CO1', 'CR2', 'CR4'], amountMinor: 13_600_000 } as const;

async function openPage(hold: HoldRow, locale: Locale, more: object = {}): Promise<Page> {
  const page = await openPhone(browser, { locale });
  await page.goto(await world.mint(hold, { locale, ...more }));
  await page.getByRole('button').click();
  return page;
}

async function placeDraw(): Promise<HoldRow> {
  const hold = await world.place();
  return world.place({
    ...hold,
    ...draw,
    holdId: hold.holdId.replace(/^...../, 'd4a00'),
    subject: { ...hold.subject, kind: 'draw' },
  });
}

/** In the browser: the smallest size of letters that can be seen. */
const SMALLEST_LETTERS = `Math.min(...[...document.querySelectorAll('body *')]
  .filter((node) => node.checkVisibility() && node.type !== 'hidden')
  .map((node) => Number.parseFloat(getComputedStyle(node).fontSize)))`;

/** What a small screen and tired eyes need, measured in the browser. */
async function measured(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  const wide = await page.locator('html').evaluate((node) => node.scrollWidth);
  if (wide > PHONE.width) found.push(`scrolls sideways: ${wide}`);
  for (const one of await page.locator('button, a, summary, input[type=checkbox]').all()) {
    const box = await one.boundingBox();
    // What is folded away has no size.
    if (box !== null && box.height > 0 && (box.height < 24 || box.width < 24)) {
      found.push(`too small to tap: ${box.height}`);
    }
  }
  const smallest = await page.evaluate<number>(SMALLEST_LETTERS);
  if (smallest < 16) found.push(`letters of ${smallest} px`);
  return found;
}

describe.each<
  [Locale, { stopped: string; cancel: string; cancelled: string; yes: string; no: string }]
>([
  [
    'zh-CN',
    {
      stopped: '已拦下，钱还没有转出',
      cancel: '取消这笔转账',
      cancelled: '已取消，钱在您的账户里',
      yes: '是，帮我停下',
      no: '不是，是我自己决定的',
    },
  ],
  [
    'en',
    {
      stopped: 'Stopped. Your money has not left',
      cancel: 'Cancel this transfer',
      cancelled: 'Cancelled. Your money is in your account',
      yes: 'Yes, stop this',
      no: 'No, it is my own decision',
    },
  ],
])('in %s', (locale, words) => {
  it('says on the first screen what is stopped, where the money is, to hang up, and how to cancel', async () => {
    const page = await openPage(await world.place(), locale);
    await screenshot(page, `payer-hold-${locale}`);
    await screenshot(page, `payer-hold-${locale}-first-screen`, false);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(words.stopped);
    const cancel = page.getByRole('button', { name: words.cancel });
    const box = await cancel.boundingBox();
    expect((box?.y ?? PHONE.height) + (box?.height ?? 0)).toBeLessThanOrEqual(PHONE.height);
    expect(box?.height).toBeGreaterThanOrEqual(60);
    expect(await measured(page)).toEqual([]);
    expect(await page.locator('html').getAttribute('lang')).toBe(locale);
  });

  it('is cancelled with one tap, and says what to do next', async () => {
    const hold = await world.place();
    const page = await openPage(hold, locale);
    await page.getByRole('button', { name: words.cancel }).click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(words.cancelled);
    expect(await page.getByRole('button').count()).toBe(0);
    await screenshot(page, `payer-cancelled-${locale}`);
    expect((await world.database.holdStore.find(hold.holdId))?.ended).toMatchObject({
      actor: 'payer',
    });
    await page.reload();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(words.cancelled);
    expect(await measured(page)).toEqual([]);
  });

  it('offers both answers the same size; yes stops, no waits on', async () => {
    const [stopping, waiting] = [await world.place(), await world.place()];
    const page = await openPage(stopping, locale);
    const [yes, no] = await Promise.all(
      [words.yes, words.no].map((name) => page.getByRole('button', { name }).boundingBox()),
    );
    expect([yes?.width, yes?.height, yes?.y]).toEqual([no?.width, no?.height, no?.y]);
    await page.getByRole('button', { name: words.yes }).click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(words.cancelled);
    const other = await openPage(waiting, locale);
    await other.getByRole('button', { name: words.no }).click();
    expect(await other.getByRole('heading', { level: 1 }).textContent()).toBe(words.stopped);
    expect(await other.getByRole('button', { name: words.cancel }).isVisible()).toBe(true);
  });

  it('takes an appeal', async () => {
    const page = await openPage(await world.place(), locale);
    await page.locator('summary').click();
    await page.locator('textarea').fill('给房东付押金，合同在手机里');
    await screenshot(page, `payer-appeal-${locale}`);
    expect(await measured(page)).toEqual([]);
    await page.locator('form[action="/appeal"] button').click();
    expect(await page.locator('details .note').first().isVisible()).toBe(true);
  });

  it('of a loan speaks of a loan', async () => {
    const page = await openPage(await placeDraw(), locale);
    await screenshot(page, `payer-draw-${locale}`);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toMatch(
      /钱还没有借出|has not been paid out/,
    );
    expect(await measured(page)).toEqual([]);
  });

  it('that has matured asks for a tick before it is confirmed', async () => {
    const hold = await world.place(matured);
    const page = await openPage(hold, locale, { purpose: 'reconfirm', sessionId: 'session-2' });
    await screenshot(page, `payer-reconfirm-${locale}`);
    const confirm = page.locator('form[action="/reconfirm"] button');
    await confirm.click();
    expect(await world.entries()).not.toContainEqual(
      expect.objectContaining({ payerId: hold.payerId }),
    );
    await page.getByRole('checkbox').check();
    await confirm.click();
    await page.locator('.note').first().waitFor();
    expect(await page.locator('.note').first().textContent()).toMatch(/正在核对|Checking/);
    expect(await world.entries()).toContainEqual(
      expect.objectContaining({ payerId: hold.payerId }),
    );
  });
});

it('a link that is spent says what to do', async () => {
  const link = await world.mint(await world.place());
  const [first, second] = [await openPhone(browser), await openPhone(browser)];
  await first.goto(link);
  await screenshot(first, 'payer-opening');
  await first.getByRole('button').click();
  await second.goto(link);
  await second.getByRole('button').click();
  expect(await second.getByRole('heading', { level: 1 }).textContent()).toContain(
    '这个链接不能用了',
  );
  await screenshot(second, 'payer-dead-link');
  expect(await measured(second)).toEqual([]);
});

it('no script runs, and nothing is asked of anybody else', async () => {
  const page = await openPhone(browser, { javaScriptEnabled: true });
  const asked: string[] = [];
  page.on('request', (one) => asked.push(new URL(one.url()).origin));
  const refused: string[] = [];
  page.on('console', (one) => refused.push(one.text()));
  await page.goto(await world.mint(await world.place()));
  await page.getByRole('button').click();
  await page.getByRole('heading', { level: 1 }).waitFor();
  expect(new Set(asked)).toEqual(new Set([world.origin]));
  expect(refused).toEqual([]);
  expect(await page.locator('script').count()).toBe(0);
});
