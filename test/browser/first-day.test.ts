/** The console's first days in Chromium: from an empty folder to a test order, to the first live order. */
import test from 'ava';
import type { Browser, Page } from 'playwright-core';
import { readKeyring } from '../../src/keyring/keyring.ts';
import { createReader } from '../../src/license-code/reader.ts';
import { signRequest } from '../../src/marketplaces/fastspring/simulator.ts';
import { FileOwner } from '../kit/fastspring.ts';
import { LICENSE_KEYS, WEBHOOK_SECRETS } from '../kit/fastspring-secrets.ts';
import { Machine, type RunningService } from '../kit/machine.ts';
import { type Mailbox, openMailbox } from '../kit/mailbox.ts';
import { openChromium } from './support/chromium.ts';

const owner = new FileOwner();
let browser: Browser;
let mailbox: Mailbox;
test.before(async () => {
  browser = await openChromium(owner);
  mailbox = await openMailbox(owner);
});
test.after.always(() => owner.end());

/** A new folder as `mintmark init` makes it; the port stays the same, as behind a proxy. */
async function openFolder() {
  const machine = new Machine(owner, {
    SMTP_URL: `smtp://127.0.0.1:${mailbox.port}`,
    MAIL_FROM: 'licenses@example.com',
  });
  machine.env['PRODUCTS_DIR'] = machine.path('shop/data/products');
  await machine.cli('init', machine.path('shop'));
  let service = await machine.start();
  machine.env['PORT'] = new URL(service.url).port;
  return {
    machine,
    url: service.url.replace('127.0.0.1', 'localhost'),
    /** With further settings, as a person starts it again after a change. */
    async restart(env: Readonly<Record<string, string>> = {}): Promise<RunningService> {
      service.ran.child.kill('SIGTERM');
      await service.ran.ended;
      Object.assign(machine.env, env);
      service = await machine.start();
      return service;
    },
  };
}

/** What is done by the console in this life; the others are of the settings. */
const DONE_HERE = [
  'signing keys',
  'backup of the keys',
  'backup of the shop',
  'check of the ledger',
  'test mail',
  'test order',
];

/** The names of the checks of the go-live page that are not done. */
async function openChecks(page: Page): Promise<readonly string[]> {
  await page.locator('text=/\\d+ of \\d+ are done/').waitFor();
  const lines = await page.locator('.checks > li').all();
  const texts = await Promise.all(
    lines.map(async (line) => ({
      name: (await line.locator('h3').textContent()) ?? '',
      word: (await line.locator('> span').last().textContent()) ?? '',
    })),
  );
  return texts.filter(({ word }) => word !== 'done').map(({ name }) => name);
}

for (const javaScriptEnabled of [true, false])
  test.serial(
    `from an empty folder to a test order and to the first live order by the console alone, ${javaScriptEnabled ? 'with' : 'without'} script`,
    async (t) => {
      t.timeout(240_000);
      const { machine, url, restart } = await openFolder();
      const { address, code } = JSON.parse(
        (await machine.cli('console', 'link', '--name', 'Ada', '--url', url, '--json')).out,
      ) as { address: string; code: string };
      const context = await browser.newContext({ javaScriptEnabled });
      const page = await context.newPage();
      const errors: string[] = [];
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      page.on('pageerror', (error) => errors.push(String(error)));
      const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
      const follow = (name: string | RegExp) => page.getByRole('link', { name }).first().click();

      await page.goto(address);
      if (!javaScriptEnabled) await page.getByRole('textbox', { name: 'Code' }).fill(code);
      await press('Get in');
      await follow('Later');
      await page.getByRole('heading', { name: 'Nothing was sold here yet' }).waitFor();
      await press('Make a test order');
      await page.getByRole('heading', { name: /^Order / }).waitFor();
      const story = await page.locator('main').innerText();
      t.regex(story, /Active/);
      const text = (await page.locator('main').textContent()) ?? '';
      const read = createReader({
        product: 'example',
        keyring: readKeyring(machine.path('keys')),
        today: new Date().toISOString().slice(0, 10),
        allowTest: true,
      });
      t.is(read.read(text).verdict, 'valid', 'the program takes the code that the page shows');

      await follow('Go live');
      const before = await openChecks(page);
      for (const name of DONE_HERE) t.true(before.includes(name), `${name}: ${before.join()}`);
      await page.getByText('How to connect one').click();
      const told = await page.locator('main').innerText();
      for (const text of ['FASTSPRING_WEBHOOK_SECRETS', '/webhooks/fastspring', 'Start the service again'])
        t.true(told.includes(text), text);
      await page.getByLabel('Your address').fill('me@example.com');
      await press('Send a test mail');
      await page.getByText('The relay took the mail').waitFor();
      t.is(mailbox.mails.at(-1)?.to[0], 'me@example.com');
      await press('It arrived');
      await page.getByText('Noted.').waitFor();
      await press('The code came, and my program takes it');
      await page.getByText('Noted.').waitFor();

      await follow('Upkeep');
      await press('Make the key for live orders');
      await page.getByText('The key is made.').waitFor();
      await follow('Go live');
      await page.getByText('signs live orders from the next start of the service.').waitFor();
      // A live marketplace is a matter of the settings, and so is a start.
      await restart({
        SIMULATOR: 'on',
        FASTSPRING_LICENSE_KEYS: LICENSE_KEYS.join(),
        FASTSPRING_WEBHOOK_SECRETS: WEBHOOK_SECRETS.join(),
      });
      await page.goto(`${url}/console/live/upkeep`);
      await page.getByLabel('Passphrase').fill('a passphrase of the test');
      await press('Back up the shop');
      await page.getByRole('heading', { name: 'Back up the shop' }).waitFor();
      await page.getByText(/^Wrote mintmark-/).waitFor();
      await follow('Upkeep');
      await press('Check now');
      await page.goto(`${url}/console/live/`);
      await follow('Upkeep');
      await follow('What takes long');
      await follow('Check the ledger');
      await page.getByText('1 license, no faults.').waitFor();

      await follow('Go live');
      const after = await openChecks(page);
      for (const name of DONE_HERE) t.false(after.includes(name), `${name}: ${after.join()}`);

      const reference = 'EXA261126-7001-00001';
      const fields = { name: 'Grace', email: 'grace@example.org', reference, quantity: '1', test: 'false' };
      const sold = await fetch(`${url}/fulfillment/fastspring/example`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: signRequest(fields, LICENSE_KEYS[0]),
      });
      t.is(sold.status, 200, await sold.text());
      await page.goto(`${url}/console/live/`);
      await follow(reference);
      await page.getByRole('heading', { name: `Order ${reference}` }).waitFor();
      t.deepEqual(errors, []);
      await context.close();
    },
  );
