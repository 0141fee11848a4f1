/** The license box and its server: whatever answers, and whenever, the customer's code is not lost. */
import test from 'ava';
import type { Browser, Page, Route } from 'playwright-core';
import { FileOwner } from '../kit/fastspring.ts';
import { keyring, mint, PRODUCT, strangerKey } from '../kit/sample-codes.ts';
import { openChromium, openPage } from './support/chromium.ts';
import { paste, says, writePage } from './support/license-box.ts';

const owner = new FileOwner();
const server = 'http://127.0.0.1:9';
const CORS = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': 'Content-Type' };
const VALID = mint();
const OTHER = mint({ licenseId: new Uint8Array(16).fill(7) });
const RENEWED = mint({ revision: 4 });

let browser: Browser;
let address: string;
test.before(async () => {
  browser = await openChromium(owner);
  address = writePage(owner, { product: PRODUCT, name: 'Acme Editor', keyring, server });
});
test.after.always(() => owner.end());

interface Reply {
  readonly status?: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A box with a valid code in it, whose server is the test; what the server was asked. */
async function openBox(replyTo: (route: Route) => Promise<Reply> | Reply) {
  const watched = await openPage(browser, address);
  const asked: string[] = [];
  await watched.page.route(`${server}/**`, async (route) => {
    const request = route.request();
    if (request.method() === 'OPTIONS') return route.fulfill({ status: 204, headers: CORS });
    asked.push(`${request.method()} ${request.url()} ${request.postData() ?? ''}`);
    const { headers, ...reply } = await replyTo(route);
    return route.fulfill({ ...reply, headers: { ...CORS, ...headers } });
  });
  await paste(watched.page, VALID);
  return { ...watched, asked };
}

const changed = (code: string): Reply => ({ body: JSON.stringify({ changed: true, code }) });
const renew = (page: Page) => page.getByRole('button', { name: 'Check for a renewal' }).click();
const boxOf = (page: Page) => page.getByLabel('License code').inputValue();

test.serial('only a genuine newer code of the same license takes the place of the old one', async (t) => {
  let reply = changed(RENEWED);
  const { page, asked, errors } = await openBox(() => reply);
  for (const answer of [
    changed(mint({ revision: 4 }, strangerKey)),
    changed(mint({ revision: 2 })),
    changed(OTHER),
    changed('<img src=x onerror=alert(1)>'),
    { body: '<!doctype html><title>Sign in</title>' },
    { status: 410, body: 'Gone' },
  ]) {
    reply = answer;
    await renew(page);
    await says(t, page, '#answer', 'The answer made no sense. Your code stays as it is.');
    t.is(await boxOf(page), VALID);
    await page.locator('#answer').evaluate((each) => each.replaceChildren());
  }
  reply = changed(RENEWED);
  await renew(page);
  await says(t, page, '#answer', /^There is a newer code/);
  t.is(await boxOf(page), RENEWED, 'control');
  t.is(asked[0], `POST ${server}/v1/licenses/refresh ${JSON.stringify({ code: VALID })}`);
  t.deepEqual(
    errors.filter((error) => !error.includes('410')),
    [],
  );
});

test.serial('a refusal is told in words: unknown, busy', async (t) => {
  const problem = (status: number, code: string): Reply => ({ status, body: JSON.stringify({ code }) });
  let reply = problem(404, 'unknown_license');
  const { page } = await openBox(() => reply);
  await renew(page);
  await says(t, page, '#answer', 'This server does not know the license.');
  reply = problem(429, 'too_many_requests');
  await renew(page);
  await says(t, page, '#answer', /^The server is busy\. Try again in \d+ seconds\.$/);
  t.is(await boxOf(page), VALID);
});

test.serial(
  'an answer that comes late does not overwrite what was entered meanwhile, and is asked for once',
  async (t) => {
    const gate = Promise.withResolvers<void>();
    const { page, asked } = await openBox(async () => {
      await gate.promise;
      return changed(RENEWED);
    });
    await says(t, page, '#title', 'Licensed.');
    await renew(page);
    await page.keyboard.press('Enter');
    await says(t, page, '#answer', 'Asking …');
    await paste(page, OTHER);
    await says(t, page, '#title', 'Licensed.');
    // The pause in typing is over, and the box was read anew.
    await page.waitForTimeout(400);
    gate.resolve();
    await says(t, page, '#answer', 'Another code was entered meanwhile: ask again for that one.');
    t.is(await boxOf(page), OTHER);
    t.is(asked.length, 1);
  },
);

test.serial('without a genuine code nobody is asked', async (t) => {
  const { page, asked } = await openBox(() => changed(RENEWED));
  for (const text of ['', VALID.slice(0, 100), mint({}, strangerKey)]) {
    await paste(page, text);
    await renew(page);
    await says(t, page, '#answer', 'Paste your license code first.');
  }
  t.deepEqual(asked, []);
});

test.serial('the list is asked for without telling whose license it is about', async (t) => {
  const { page, asked } = await openBox(() => ({ status: 404, body: '{}' }));
  await page.getByRole('button', { name: 'Fetch the list' }).click();
  await says(t, page, '#answer', 'The list could not be fetched. No list is held.');
  t.deepEqual(asked, [`GET ${server}/v1/revocations/${PRODUCT} `]);
});
