/** The customer's pages in Chromium: each state, both themes and widths, both languages, without script; copying; forms. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { CustomerShop } from '../kit/customer.ts';
import { pathOf } from '../kit/downloads.ts';
import { FileOwner } from '../kit/fastspring.ts';
import { findings } from './support/axe.ts';
import { openChromium } from './support/chromium.ts';
import { openCustomerPages, REFUSED } from './support/customer-pages.ts';

/** For people to look at beside the mock-ups. */
const PICTURES = fileURLToPath(new URL('../../dist/customer/', import.meta.url));
mkdirSync(PICTURES, { recursive: true });

const owner = new FileOwner();
let browser: Browser;
let shop: CustomerShop;
let pages: ReadonlyMap<string, string>;

test.before(async () => {
  browser = await openChromium(owner);
  ({ shop, pages } = await openCustomerPages(owner));
});
test.after.always(() => owner.end());

interface Seen {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors on the console, and reports of the policy. */
  readonly errors: string[];
}

async function open(
  path: string,
  look: { colorScheme?: 'light' | 'dark'; width?: number; javaScriptEnabled?: boolean; locale?: string } = {},
): Promise<Seen> {
  const { width = 820, locale = 'en-GB', ...rest } = look;
  const context = await browser.newContext({
    ...rest,
    locale,
    viewport: { width, height: 900 },
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(`${shop.url.replace('127.0.0.1', 'localhost')}${path}`);
  return { page, context, errors };
}

/** Each page in each look: every theme with both widths, and every language with both themes and widths. */
const LOOKS = [
  { colorScheme: 'light', width: 820, locale: 'en-GB' },
  { colorScheme: 'dark', width: 820, locale: 'de-DE' },
  { colorScheme: 'light', width: 390, locale: 'de-DE' },
  { colorScheme: 'dark', width: 390, locale: 'en-GB' },
] as const;

for (const look of LOOKS) {
  const { colorScheme, width, locale } = look;
  test.serial(
    `each page is without a finding of axe, fits, and breaks no policy: ${colorScheme}, ${width} pixels, ${locale}`,
    async (t) => {
      t.timeout(300_000);
      for (const [name, path] of pages) {
        const { page, context, errors } = await open(path, look);
        // What is folded is looked at too.
        for (const summary of await page.locator('summary').all()) await summary.click();
        await page.waitForLoadState('networkidle');
        t.deepEqual(await findings(page), [], name);
        t.deepEqual(REFUSED.includes(name) ? [] : errors, [], name);
        await fits(t, page, name);
        t.is(await page.evaluate('document.documentElement.lang'), locale.slice(0, 2));
        await page.screenshot({
          path: `${PICTURES}${name}-${colorScheme}-${width}-${locale.slice(0, 2)}.png`,
          fullPage: true,
        });
        await context.close();
      }
    },
  );
}

test.serial('each page says the same without a script', async (t) => {
  t.timeout(300_000);
  for (const [name, path] of pages) {
    const texts: string[] = [];
    for (const javaScriptEnabled of [true, false]) {
      const { page, context } = await open(path, { javaScriptEnabled, width: 390 });
      await fits(t, page, name);
      const text = await page.locator('main').innerText();
      texts.push(text.replaceAll(/^Copy the code$/gm, '').replaceAll(/\s+/g, ' '));
      await context.close();
    }
    t.true((texts[0] ?? '').length > 20, name);
    t.is(texts[1], texts[0], name);
  }
});

async function fits(t: ExecutionContext, page: Page, name: string): Promise<void> {
  t.false(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), `${name} is too wide`);
  for (const picture of await page.locator('img').all()) {
    await picture.scrollIntoViewIfNeeded();
    const width = await picture.evaluate((img) => (img as HTMLImageElement).naturalWidth);
    t.true(Number(width) > 0 || !(await picture.isVisible()), `${name}: a picture is missing`);
  }
}

test.serial('the code is copied whole by the button, which is only there with a script', async (t) => {
  const { page, context } = await open(pages.get('active') ?? '');
  await page.getByRole('button', { name: 'Copy the code' }).click();
  await page.getByText('Copied.').waitFor({ state: 'attached' });
  const code = await page.locator('.codebox code').innerText();
  t.is(code.length, 160);
  t.is(await page.evaluate('navigator.clipboard.readText()'), code);
  await context.close();
  const plain = await open(pages.get('active') ?? '', { javaScriptEnabled: false });
  t.is(await plain.page.getByRole('button', { name: 'Copy the code' }).count(), 0);
  t.is(await plain.page.locator('.codebox code').innerText(), code);
  await plain.context.close();
});

test.serial(
  'without a script: a lost code is asked for, a note is saved, an address is confirmed; no cookie is set',
  async (t) => {
    const { page, context, errors } = await open('/license', { javaScriptEnabled: false });
    await page.getByLabel('Order number').fill('NOBODY-1');
    await page.getByLabel('E-mail address').fill('nobody@example.com');
    await page.getByRole('button', { name: 'Send it to me' }).click();
    await page.getByText('If the two belong together').waitFor();
    await page.screenshot({ path: `${PICTURES}lost-code-asked-light-820-en.png`, fullPage: true });

    await page.goto(new URL(pages.get('several') ?? '', page.url()).href);
    await page.getByText('Handed to: Grace, in accounting').click();
    const note = page.getByRole('textbox', { name: 'Handed to' });
    await note.fill('Grace');
    await note.press('Enter');
    await page.getByText('The note is saved.').waitFor();
    t.is(await page.getByText('Handed to: Grace').count(), 1);

    await page.goto(new URL(pages.get('confirm') ?? '', page.url()).href);
    await page.getByRole('button', { name: 'Use this address' }).click();
    await page.getByRole('heading', { name: 'The address is changed' }).waitFor();
    t.deepEqual(errors, []);
    t.deepEqual(await context.cookies(), []);
    await context.close();
  },
);

test.serial(
  'a page asks nothing of anywhere else, and the controls are found: a field without a label, a style of its own',
  async (t) => {
    const { page, context, errors } = await open(pages.get('active') ?? '');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.reload();
    t.true(asked.length > 2);
    for (const url of asked) t.is(new URL(url).host, new URL(page.url()).host);
    await page.evaluate(() => {
      document.querySelector('main')?.append(document.createElement('input'));
      document.querySelector('h1')?.setAttribute('style', 'color: red');
    });
    t.true((await findings(page)).some((each) => each.startsWith('label')));
    t.true(
      errors.some((each) => each.includes('Content Security Policy')),
      'the policy reports it',
    );
    await context.close();
  },
);

test.serial('the license page has links to the files that were added, without script', async (t) => {
  const { page, context } = await open(pages.get('active') ?? '', { javaScriptEnabled: false });
  const address = await page.locator('.files a').first().getAttribute('href');
  const answer = await context.request.get(`${shop.url}${pathOf(address ?? '')}`);
  t.is(answer.status(), 200);
  t.is((await answer.body()).toString(), 'Lumen-4.2.dmg'.repeat(9_999));
  t.true(answer.headers()['content-disposition']?.startsWith('attachment'));
  await context.close();
});
