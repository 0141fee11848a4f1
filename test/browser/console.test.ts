/** The console in Chromium: getting in, passkeys, every screen in both themes and widths, keyboard, without script. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import Database from 'better-sqlite3';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import {
  fillShop,
  openShop,
  postForm,
  reference,
  refundInPart,
  SHOP_NOW,
  SHOP_PRODUCTS,
  type Shop,
} from '../kit/console.ts';
import { FileOwner } from '../kit/fastspring.ts';
import { openMailbox } from '../kit/mailbox.ts';
import { findings } from './support/axe.ts';
import { openChromium } from './support/chromium.ts';

/** For people to look at beside the mock-ups. */
const PICTURES = fileURLToPath(new URL('../../dist/console/', import.meta.url));
mkdirSync(PICTURES, { recursive: true });

const owner = new FileOwner();
let browser: Browser;
let shop: Shop;
let base: string;
let cookie: string;
let license: string;
/** The mail of an order that the relay refuses. */
let refused = '';
/** The job of a check of the ledger. */
let checked = '';
/** The job of an erasure whose process was killed. */
const CUT_OFF = 99;
test.before(async () => {
  browser = await openChromium(owner);
  const mailbox = await openMailbox(owner, {
    onRcptTo: ({ address }, _, done) =>
      address === 'li@example.com'
        ? done(Object.assign(new Error('5.1.1 no such user'), { responseCode: 550 }))
        : done(),
  });
  shop = await openShop(owner, {
    products: {
      ...SHOP_PRODUCTS,
      lumen: SHOP_PRODUCTS['lumen']?.replace('\n---\n', '\nmail: { sold: on }\n---\n') ?? '',
    },
    env: { SMTP_URL: `smtp://127.0.0.1:${mailbox.port}`, MAIL_FROM: 'licenses@example.com' },
  });
  await fillShop(shop, 30);
  await refundInPart(shop, 7);
  const items = [{ product: 'lumen-edu', quantity: 1 }];
  const sold = { reference: 'ODD-1', id: 'ODD-1-id', items };
  await shop.deliver([shop.event('order.completed', sold, { created: SHOP_NOW - 60_000 })]);
  base = shop.url.replace('127.0.0.1', 'localhost');
  cookie = await shop.enter();
  license = (await shop.find(reference(7)))[0]?.id ?? '';
  await shop.cli(['keys', 'new', '--mode', 'live', '--next']);
  const own = { 'Sec-Fetch-Site': 'same-origin', Cookie: cookie };
  const begun = await postForm(shop.url, '/console/live/upkeep/check', {}, own);
  const ledger = new Database(shop.home.config.ledgerFile);
  ledger.exec(`INSERT INTO job (number, kind, what, mode, person, begun_from, run, began_at, seen_at, done, lines)
    VALUES (${CUT_OFF}, 'erase', 'Erase the customer of order ${reference(3)}', 'live', 'Ada',
      'orders/fastspring/${reference(3)}/erase', 'before', ${SHOP_NOW - 7_200_000}, ${SHOP_NOW - 7_200_000}, 0, '[]')`);
  ledger.close();
  checked = /\d+$/.exec(begun.get('Location') ?? '')?.[0] ?? '';
  for (const end = Date.now() + 120_000; Date.now() < end && refused === ''; ) {
    const { out } = await shop.cli(['outbox', 'list', '--state', 'given-up', '--json']);
    const { announcements } = JSON.parse(out) as { announcements: { number: number; order: string }[] };
    refused = String(announcements.find(({ order }) => order === reference(2))?.number ?? '');
    // The worker is in this process, too.
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
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
  look: {
    colorScheme?: 'light' | 'dark';
    width?: number;
    javaScriptEnabled?: boolean;
    forcedColors?: 'active';
    deviceScaleFactor?: number;
  } = {},
  session = cookie,
): Promise<Seen> {
  const { width = 1280, ...rest } = look;
  const context = await browser.newContext({
    ...rest,
    viewport: { width, height: 900 },
    reducedMotion: 'reduce',
  });
  if (session !== '') {
    const [name = '', value = ''] = session.split('=');
    await context.addCookies([{ name, value, domain: 'localhost', path: '/' }]);
  }
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(`${base}${path}`);
  return { page, context, errors };
}

const screens = (): readonly string[] => [
  '/console/in',
  '/console/live/',
  '/console/test/',
  '/console/live/orders',
  '/console/live/orders?state=ended&from=soon',
  `/console/live/orders/fastspring/${reference(7)}`,
  `/console/live/orders/fastspring/${reference(7)}/correct`,
  `/console/live/orders/fastspring/${reference(7)}/erase`,
  `/console/live/orders/fastspring/${reference(7)}/resend`,
  `/console/live/orders/fastspring/${reference(7)}/links`,
  '/console/live/licenses',
  `/console/live/licenses/${license}`,
  `/console/live/licenses/${license}/suspend`,
  `/console/live/licenses/${license}/renew`,
  '/console/live/events',
  '/console/live/events?show=failed',
  '/console/live/flags/1',
  '/console/live/outbox',
  '/console/live/outbox?state=given-up',
  `/console/live/outbox/${refused}`,
  `/console/live/outbox/${refused}/drop`,
  '/console/live/channels/mail/pause?target=',
  '/console/live/jobs',
  '/console/live/products',
  '/console/live/products/lumen/apply',
  '/console/live/products/lumen?units=3&topic=renewed',
  '/console/live/go-live',
  '/console/live/upkeep',
  '/console/live/upkeep/keys/3/compromised',
  `/console/live/jobs/${checked}`,
  `/console/live/jobs/${CUT_OFF}`,
  '/console/live/downloads',
  '/console/live/events/fastspring/unknown',
  '/console/again',
  '/console/welcome',
  '/console/test/orders',
  '/console/test/outbox',
  '/console/test/events',
  '/console/test/licenses?state=suspended',
  '/console/live/nowhere',
  '/console/live/settings',
];

for (const [colorScheme, width] of [
  ['light', 1280],
  ['dark', 1280],
  ['light', 390],
  ['dark', 390],
] as const) {
  test.serial(
    `each screen is without a finding of axe, fits, and breaks no policy: ${colorScheme}, ${width} pixels`,
    async (t) => {
      for (const path of screens()) {
        const { page, context, errors } = await open(path, { colorScheme, width });
        t.deepEqual(await findings(page), [], path);
        t.deepEqual(
          errors.filter((error) => !(/nowhere|unknown/.test(path) && error.includes('404'))),
          [],
          path,
        );
        t.false(
          await page.evaluate('document.documentElement.scrollWidth > innerWidth'),
          `${path} is too wide`,
        );
        const size = (await page.evaluate('document.documentElement.outerHTML.length')) as number;
        t.true(size < 60_000, `${path} has ${size} bytes`);
        const name = path.replaceAll(license, 'license').replaceAll(/[^a-z0-9-]+/gi, '_');
        await page.screenshot({ path: `${PICTURES}${name}-${colorScheme}-${width}.png`, fullPage: true });
        await context.close();
      }
    },
  );
}

test.serial('each screen works at a zoom of 200 %, with forced colors', async (t) => {
  // A window of 1,280 pixels at 200 % is 640 wide for the page.
  for (const path of screens()) {
    const { page, context, errors } = await open(path, {
      width: 640,
      deviceScaleFactor: 2,
      forcedColors: 'active',
    });
    t.deepEqual(
      errors.filter((error) => !(/nowhere|unknown/.test(path) && error.includes('404'))),
      [],
      path,
    );
    t.false(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), `${path} is too wide`);
    t.true(await page.evaluate('matchMedia("(forced-colors: active)").matches'));
    const hidden = await page.evaluate(() =>
      [...document.querySelectorAll('main a.button, main button')]
        .filter((button) => button.checkVisibility() && getComputedStyle(button).borderStyle === 'none')
        .map((button) => button.outerHTML.slice(0, 80)),
    );
    t.deepEqual(hidden, [], `${path}: a button without an edge is no button in forced colors`);
    await context.close();
  }
});

test.serial('a given-up mail is corrected and sent again', async (t) => {
  const { page, context, errors } = await open('/console/live/');
  await page.getByRole('link', { name: new RegExp(`announcement ${refused}$`) }).click();
  t.regex(await page.locator('main').innerText(), /5\.1\.1 no such user/);
  await page.getByRole('link', { name: reference(2) }).click();
  await page.getByRole('link', { name: 'Correct the customer…' }).click();
  await page.getByLabel('E-mail address').fill('right@example.com');
  await page.getByLabel('Why').fill('a slip in the address');
  await page.getByRole('button', { name: 'Correct' }).click();
  await page.getByText('The customer was corrected.').waitFor();
  await page.goto(`${base}/console/live/outbox/${refused}`);
  await page.getByRole('link', { name: 'Send again…' }).click();
  await page.getByLabel('Why').fill('the right address');
  await page.getByRole('button', { name: 'Send again' }).click();
  await page.getByText('It goes out now.').waitFor();
  const state = page.locator('.head .state');
  for (const end = Date.now() + 25_000; Date.now() < end && (await state.innerText()) !== 'Sent'; )
    await page.reload();
  t.is(await state.innerText(), 'Sent');
  t.deepEqual(errors, []);
  await context.close();
});

test.serial('an undelivered line is given its product and delivered', async (t) => {
  const { page, context } = await open('/console/live/orders/fastspring/ODD-1');
  await page.getByRole('link', { name: 'Decide' }).first().click();
  await page.getByLabel('It is').selectOption('lumen');
  await page.getByLabel('Why').fill('the edition for schools');
  await page.getByRole('button', { name: 'Decide' }).click();
  await page.getByText('The owed licenses were issued.').waitFor();
  t.is((await shop.find('ODD-1'))[0]?.state, 'active');
  await context.close();
});

test.serial(
  'the control: axe finds a field without a label, and the policy stops an inline script',
  async (t) => {
    const { page, context, errors } = await open('/console/live/settings');
    await page.evaluate(() => {
      document.querySelector('main')?.append(document.createElement('input'));
    });
    t.true((await findings(page)).some((each) => each.startsWith('label')));
    const handler = page.evaluate(() => document.body.setAttribute('onclick', 'document.title = "ran"'));
    await t.throwsAsync(handler, { message: /requires 'TrustedScript' assignment/ });
    await page.locator('h1').click();
    t.not(await page.title(), 'ran');
    t.true(errors.length > 0, 'the policy reports it');
    await context.close();
  },
);

/** An authenticator in the browser, with a person in front of it. */
async function withAuthenticator(page: Page, context: BrowserContext) {
  const session = await context.newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { session, authenticatorId };
}

async function linkOf(person: string): Promise<{ readonly address: string; readonly code: string }> {
  const { out } = await shop.cli(['console', 'link', '--name', person, '--url', base, '--json']);
  return JSON.parse(out);
}

test.serial('a link lets in once; a passkey is added and lets in the next time', async (t) => {
  const { page, context, errors } = await open('/console/in', {}, '');
  await withAuthenticator(page, context);
  const { address, code } = await linkOf('Grace');
  await page.goto(address);
  t.is(await page.getByRole('textbox', { name: 'Code' }).inputValue(), code, 'over the page itself');
  await page.goto('about:blank');
  await page.goto(address);
  t.is(await page.getByRole('textbox', { name: 'Code' }).inputValue(), code);
  t.is(new URL(page.url()).hash, '', 'the secret leaves the address');
  await page.getByRole('button', { name: 'Get in' }).click();
  await page.getByRole('heading', { name: 'You are in' }).waitFor();
  await page.getByLabel('What shall it be called?').fill('test key');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.waitForURL(/\/console\/(live|test)\//);
  await page.goto(`${base}/console/live/settings`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Use the passkey' }).click();
  await page.waitForURL(/\/console\/(live|test)\//);
  await page.goto(`${base}/console/live/settings`);
  t.regex(await page.locator('main').innerText(), /got in by the passkey “test key”/);
  t.deepEqual(errors, []);
  await page.getByRole('button', { name: 'Remove test key of Grace' }).click();
  await page.waitForURL(/\/console\/in/);
  t.pass('removing a passkey ends its sessions');
  await context.close();
});

test.serial(
  'a passkey whose counter went back is a copy: it is refused and told; one that goes on lets in',
  async (t) => {
    const { page, context } = await open('/console/in', {}, '');
    const { session, authenticatorId } = await withAuthenticator(page, context);
    await page.goto((await linkOf('Lin')).address);
    await page.getByRole('button', { name: 'Get in' }).click();
    await page.getByLabel('What shall it be called?').fill('counted key');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.waitForURL(/\/console\/(live|test)\//);
    const enterWith = async (signCount: number) => {
      const { credentials } = await session.send('WebAuthn.getCredentials', { authenticatorId });
      const [credential] = credentials;
      if (credential === undefined) throw new Error('no credential');
      await session.send('WebAuthn.clearCredentials', { authenticatorId });
      await session.send('WebAuthn.addCredential', {
        authenticatorId,
        credential: { ...credential, signCount },
      });
      await context.clearCookies();
      await page.goto(`${base}/console/in`);
      await page.getByRole('button', { name: 'Use the passkey' }).click();
    };
    await enterWith(100);
    await page.waitForURL(/\/console\/(live|test)\//);
    await enterWith(50);
    await page.getByText('The passkey could not be verified.').waitFor();
    t.regex(page.url(), /\/console\/in$/);
    await enterWith(200);
    await page.waitForURL(/\/console\/(live|test)\//);
    await page.goto(`${base}/console/live/settings`);
    t.regex(await page.locator('main').innerText(), /the passkey “counted key” was refused: .*counter/);
    await context.close();
  },
);

test.serial('a decision is a dialog with the keyboard alone: opened, left, opened, made', async (t) => {
  const { page, context, errors } = await open(`/console/live/orders/fastspring/${reference(8)}`);
  await page.getByRole('link', { name: 'Suspend… unit 0' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  t.is(await page.evaluate('document.activeElement?.id'), 'reason');
  await page.keyboard.press('Escape');
  t.is(await page.getByRole('dialog').count(), 0);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  t.deepEqual(await findings(page), []);
  await page.keyboard.type('ticket 2');
  await page.keyboard.press('Enter');
  await page.getByText('Suspended.', { exact: true }).waitFor();
  t.is((await shop.find(reference(8)))[0]?.state, 'suspended');
  t.deepEqual(errors, []);
  await context.close();
});

test.serial('without a script the same decision is a page of its own', async (t) => {
  const { page, context } = await open(`/console/live/orders/fastspring/${reference(8)}`, {
    javaScriptEnabled: false,
  });
  await page.getByRole('link', { name: 'Reinstate… unit 0' }).click();
  await page.getByLabel('Why').fill('paid by bank');
  await page.getByRole('button', { name: 'Reinstate' }).click();
  t.regex(page.url(), /did=reinstate$/);
  t.is((await shop.find(reference(8)))[0]?.state, 'active');
  await context.close();
});

test.serial(
  'shortcuts: / searches, g r shows the orders, j goes to a row; a field and the setting keep them off',
  async (t) => {
    const { page, context } = await open('/console/live/');
    await page.keyboard.press('/');
    t.is(await page.evaluate('document.activeElement?.id'), 'q');
    await page.keyboard.type('gr');
    t.is(await page.locator('#q').inputValue(), 'gr', 'in a field they are letters');
    await page.locator('h1').click();
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.waitForURL(/\/live\/orders$/);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/live\/orders\/fastspring\//);
    await page.goto(`${base}/console/live/settings`);
    await page.getByRole('combobox', { name: 'Shortcuts' }).selectOption('off');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.keyboard.press('/');
    t.not(await page.evaluate('document.activeElement?.id'), 'q');
    await context.close();
  },
);

test.serial('what is found is opened: a code, a part of a name, a pasted mail', async (t) => {
  const { page, context } = await open('/console/live/');
  const search = async (text: string) => {
    await page.goto(`${base}/console/live/`);
    await page.getByLabel('Search', { exact: true }).fill(text);
    await Promise.all([page.waitForEvent('framenavigated'), page.keyboard.press('Enter')]);
    await page.waitForLoadState();
  };
  const [one] = await shop.find(reference(9));
  await search(`Dear shop, my code ${one?.code} does not work`);
  t.regex(page.url(), new RegExp(`/licenses/${one?.id}$`));
  await search(reference(9));
  t.regex(page.url(), new RegExp(`/orders/fastspring/${reference(9)}$`));
  await search('Nordlys');
  await page.getByRole('heading', { name: /licenses found$/ }).waitFor();
  t.notRegex(page.url(), /Nordlys/, 'what was searched is in no address');
  await context.close();
});

test.serial(
  'a refund that is not clear is seen on the overview and decided with a reason',
  async (t: ExecutionContext) => {
    const { page, context } = await open('/console/live/');
    const need = page.locator('.needs li', { hasText: `A refund is not clear. Order ${reference(7)}` });
    t.regex(await need.innerText(), /20\.00 EUR of 49\.00/);
    await need.getByRole('link', { name: reference(7) }).click();
    await page.getByRole('link', { name: 'Revoke… unit 1' }).click();
    await page.getByLabel('Why').fill('one of two was refunded');
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('Revoked.', { exact: true }).waitFor();
    t.deepEqual(
      (await shop.find(reference(7))).map(({ unit, state }) => [unit, state]),
      [
        [0, 'active'],
        [1, 'revoked'],
      ],
    );
    await page.goto(`${base}/console/live/`);
    await need.getByRole('link', { name: /Decide/ }).click();
    await page.getByLabel('Why').fill('the money of one unit went back');
    await page.getByRole('button', { name: 'Settle' }).click();
    await page.getByText('The flag is settled.').waitFor();
    t.regex(await page.locator('main').innerText(), /the money of one unit went back/);
    await context.close();
  },
);
