/** Debian's Chromium, driven: a fresh profile each time, and nothing that it would do on its own. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Owner } from '../../kit/service.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** An Error that says what to install where there is none: a test that is skipped would say nothing. */
export function findChromium(path = process.env['PATH'] ?? ''): string {
  const found = path
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((file) => existsSync(file));
  if (found === undefined) {
    throw new Error('Chromium is not on the PATH, and these tests need it: install it (Debian: chromium).');
  }
  return found;
}

export async function openChromium(owner: Owner): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: findChromium(), args: QUIET });
  owner.teardown(() => browser.close());
  return browser;
}

/** A page that nobody else shares anything with, and what went wrong or out of it. */
export interface Watched {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors on the console, and exceptions that nobody caught. */
  readonly errors: string[];
  /** Addresses that were asked, other than files. */
  readonly asked: string[];
}

export interface Look {
  /** The day on which the page is opened, YYYY-MM-DD. */
  readonly today?: string;
  readonly colorScheme?: 'light' | 'dark';
  readonly reducedMotion?: 'reduce' | 'no-preference';
  readonly width?: number;
}

export async function openPage(browser: Browser, address: string, look: Look = {}): Promise<Watched> {
  const { today = '2026-11-21', colorScheme = 'light', reducedMotion = 'reduce', width = 900 } = look;
  const viewport = { width, height: 900 };
  const context = await browser.newContext({ colorScheme, reducedMotion, viewport, locale: 'en-GB' });
  const page = await context.newPage();
  const errors: string[] = [];
  const asked: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('request', (request) => request.url().startsWith('file:') || asked.push(request.url()));
  await setDay(page, today);
  await page.goto(address);
  return { page, context, errors, asked };
}

/** Noon, UTC, from now on and after each reload; timers go on as ever. */
export function setDay(page: Page, today: string): Promise<void> {
  return page.clock.setFixedTime(new Date(`${today}T12:00:00Z`));
}
