/** The customer's pages in Chromium: each state, both themes and widths, both languages, without script; copying; forms. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import request from 'supertest';
import { type CustomerShop, LUMEN, openCustomerShop, PUBLIC, pathIn, SHOP_FILES } from '../kit/customer.ts';
import { pathOf } from '../kit/downloads.ts';
import { FileOwner } from '../kit/fastspring.ts';
import { productFile } from '../kit/products.ts';
import { findings } from './support/axe.ts';
import { openChromium } from './support/chromium.ts';

/** For people to look at beside the mock-ups. */
const PICTURES = fileURLToPath(new URL('../../dist/customer/', import.meta.url));
mkdirSync(PICTURES, { recursive: true });

const owner = new FileOwner();
let browser: Browser;
let shop: CustomerShop;
const pages = new Map<string, string>();

async function pageOf(order: string, email = 'ada@example.com'): Promise<string> {
  const before = shop.mailbox.mails.length;
  await shop.inquire(order, email);
  return pathIn(await shop.mail(before + 1));
}

test.before(async () => {
  browser = await openChromium(owner);
  shop = await openCustomerShop(owner, {
    products: {
      ...LUMEN,
      team: productFile(
        'name: Lumen\nterm: P1Y\nquantity: seats\nseats: 5\nmarketplaces: { fastspring: {} }\nmail: { sold: off }',
      ),
    },
    files: {
      ...SHOP_FILES,
      ...Object.fromEntries(RELEASED.map((name) => [`dist/${name}`, name.repeat(9_999)])),
      'shop.yaml': `${SHOP_FILES['shop.yaml']}accent: "#1d4ea0"\naccent_dark: "#9dc1ff"\n`,
    },
    env: { TRUST_PROXY: 'on' },
  });
  await release('4.1', '2026-05-02', ['Lumen-4.1.dmg']);
  await release('4.2', '2026-10-28', ['Lumen-4.2.dmg', 'Lumen-4.2.exe', 'Lumen-4.2.AppImage']);
  const decide = async (order: string, act: string) => {
    const [license] = await shop.find(order);
    await shop.cli(['license', act, license?.id ?? '', '--reason', 'ticket 1']);
  };
  let person = 0;
  const sold = async (sale: Parameters<CustomerShop['sell']>[0] = {}) => {
    person += 1;
    const email = `ada${person}@example.com`;
    const order = await shop.sell({ email, ...sale });
    return { order, path: await pageOf(order, sale.receiver ?? email) };
  };
  pages.set('lost-code', '/license');
  pages.set('nothing', '/license/nothing');
  const active = await sold();
  pages.set('active', active.path);
  pages.set('newest download', await latestOf(active.order));
  for (const [state, act] of [
    ['suspended', 'suspend'],
    ['revoked', 'revoke'],
  ] as const) {
    const { order, path } = await sold();
    const latest = await latestOf(order);
    await decide(order, act);
    pages.set(state, path);
    if (state === 'suspended') pages.set('suspended download', latest);
  }
  const several = await sold({ quantity: 3 });
  await shop.post(`${several.path}/handed`, { unit: '2', note: 'Grace, in accounting' });
  pages.set('several', several.path);
  const { text } = await shop.page(several.path);
  const [, holders = ''] = new RegExp(`${PUBLIC}(/license/[\\w-]{59})`).exec(text) ?? [];
  pages.set('holder', holders);
  pages.set('gift', (await sold({ receiver: 'rita@example.org' })).path);
  pages.set('test', (await sold({ live: false })).path);
  pages.set('seats', await seats());
  const changing = await sold();
  const before = shop.mailbox.mails.length;
  await shop.post(`${changing.path}/address`, { email: 'ada@new.example' });
  pages.set('confirm', pathIn(await shop.mail(before + 1)));
  pages.set('changing', changing.path);
});
test.after.always(() => owner.end());

/** Their status is an error of the page's own request, which Chromium writes to its console. */
const REFUSED: readonly string[] = ['nothing', 'suspended download'];

const RELEASED = ['Lumen-4.1.dmg', 'Lumen-4.2.dmg', 'Lumen-4.2.exe', 'Lumen-4.2.AppImage'] as const;

async function release(version: string, day: string, names: readonly string[]): Promise<void> {
  const files = names.map((name) => join(shop.home.config.dataDir, 'dist', name));
  const said = await shop.cli([
    'releases',
    'add',
    'lumen',
    version,
    ...files,
    '--date',
    day,
    '--notes',
    'Faster.',
  ]);
  if (said.status !== 0) throw new Error(said.err);
}

/** The path of the newest download of an order. */
async function latestOf(order: string): Promise<string> {
  const [license] = await shop.find(order);
  const { body } = await request(shop.url).post('/v1/downloads').send({ code: license?.code });
  return pathOf(body.latest);
}

async function seats(): Promise<string> {
  const { out } = await shop.cli([
    ...['issue', 'team', '--order', 'TEAM-1', '--quantity', '2'],
    ...['--name', 'Ada', '--email', 'team@example.com', '--json'],
  ]);
  if (!out.includes('TEAM-1')) throw new Error(out);
  return pageOf('TEAM-1', 'team@example.com');
}

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

for (const [colorScheme, width, locale] of [
  ['light', 820, 'en-GB'],
  ['dark', 820, 'de-DE'],
  ['light', 390, 'de-DE'],
  ['dark', 390, 'en-GB'],
] as const) {
  test.serial(
    `each page is without a finding of axe, fits, and breaks no policy: ${colorScheme}, ${width} pixels, ${locale}`,
    async (t) => {
      for (const [name, path] of pages) {
        const { page, context, errors } = await open(path, { colorScheme, width, locale });
        // What is folded is looked at too.
        for (const summary of await page.locator('summary').all()) await summary.click();
        await page.waitForLoadState('networkidle');
        t.deepEqual(await findings(page), [], name);
        t.deepEqual(REFUSED.includes(name) ? [] : errors, [], name);
        t.false(
          await page.evaluate('document.documentElement.scrollWidth > innerWidth'),
          `${name} is too wide`,
        );
        for (const picture of await page.locator('img').all())
          t.true(
            Number(await picture.evaluate((img) => (img as HTMLImageElement).naturalWidth)) > 0,
            `${name}: a picture is missing`,
          );
        t.is(await page.evaluate('document.documentElement.lang'), locale.slice(0, 2));
        await page.screenshot({ path: `${PICTURES}${name}-${colorScheme}-${width}.png`, fullPage: true });
        await context.close();
      }
    },
  );
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
    await page.screenshot({ path: `${PICTURES}lost-code-asked-light-820.png`, fullPage: true });

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
