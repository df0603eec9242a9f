/** Debian's Chromium at the size of a phone, driven by Playwright. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'];

/** Of a small phone of today. */
export const PHONE = { width: 390, height: 844 };

/** Throws one line where there is no Chromium. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = PLACES.find((path) => existsSync(path));
  if (executablePath === undefined) {
    throw new Error('the browser tests need Chromium: apt-get install -y chromium fonts-noto-cjk');
  }
  return chromium.launch({ executablePath, args: FLAGS });
}

/** A fresh phone: no cookies, no scripts unless asked for. Requests that leave this machine are refused. */
export async function openPhone(
  browser: Browser,
  { javaScriptEnabled = false, locale = 'zh-CN' } = {},
): Promise<Page> {
  const context = await browser.newContext({
    viewport: PHONE,
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
    javaScriptEnabled,
    locale,
  });
  await context.route(
    (url) => url.hostname !== '127.0.0.1',
    (route) => route.abort(),
  );
  return context.newPage();
}

/** Under `.lengjing/screens`, to be looked at; only with SCREENS=1, because it is half of the time that the specs take. */
export async function screenshot(page: Page, name: string, fullPage = true): Promise<void> {
  if (process.env['SCREENS'] !== '1') return;
  const path = `.lengjing/screens/${name}.png`;
  await mkdir(dirname(path), { recursive: true });
  await page.screenshot({ path, fullPage });
}
