/** Hostile text of buyers and marketplaces in each screen of the console, in Chromium: no script runs, no policy reports. */
import test from 'ava';
import type { Browser } from 'playwright-core';
import { FileOwner } from '../kit/fastspring.ts';
import { Machine } from '../kit/machine.ts';
import { openMailbox } from '../kit/mailbox.ts';
import {
  HOSTILE_FIELDS,
  hostile,
  linksIn,
  ONE_VALUE_UNESCAPED,
  openHostile,
} from '../proof/console/hostile-sales.ts';
import type { Weakness } from '../proof/kit/weakening.ts';
import { openChromium } from './support/chromium.ts';

const owner = new FileOwner();
let browser: Browser;
test.before(async () => {
  browser = await openChromium(owner);
});
test.after.always(() => owner.end());

/** What a page did that it must not do. */
interface Seen {
  readonly pages: number;
  readonly fields: ReadonlySet<string>;
  /** Elements that a text became, reports of the policy, and scripts of a text that ran. */
  readonly elements: readonly string[];
  readonly reports: readonly string[];
  readonly ran: number;
}

/** Goes through the console; `most`: pages. The relay refuses each mail with a hostile answer. */
async function crawl(weakness?: Weakness, most = 200): Promise<Seen> {
  const mailbox = await openMailbox(owner, {
    onRcptTo: (_, __, done) =>
      done(Object.assign(new Error(`5.1.1 ${hostile('relay')}`), { responseCode: 550 })),
  });
  const machine = new Machine(owner, {
    SMTP_URL: `smtp://127.0.0.1:${mailbox.port}`,
    MAIL_FROM: 'licenses@example.com',
  });
  const { service, cookie } = await openHostile(machine, weakness);
  const url = service.url.replace('127.0.0.1', 'localhost');
  const context = await browser.newContext();
  const [name = '', value = ''] = cookie.split('=');
  await context.addCookies([{ name, value, domain: 'localhost', path: '/' }]);
  await context.addInitScript(() => {
    Object.assign(globalThis, { ran: 0, own: () => (globalThis as unknown as { ran: number }).ran++ });
  });
  const page = await context.newPage();
  const reports: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy|Trusted/i.test(message.text())) reports.push(message.text());
  });
  const fields = new Set<string>();
  const elements: string[] = [];
  let ran = 0;
  const seen = new Set<string>([
    '/console/test/',
    '/console/live/',
    '/console/test/nowhere',
    '/console/test/jobs',
    '/console/test/outbox?state=given-up',
    '/console/test/outbox?state=waiting',
  ]);
  for (const path of seen) {
    if (seen.size > most) break;
    if (/as=csv|\/backups\//.test(path)) continue;
    await page.goto(`${url}${path}`);
    const found = await page.evaluate(() => {
      const made = [...document.querySelectorAll('*')].filter(
        ({ localName, attributes }) =>
          localName.startsWith('own-') || [...attributes].some((each) => /^on/.test(each.name)),
      );
      for (const each of made) if (each instanceof HTMLElement) each.focus();
      return {
        made: made.map(({ localName }) => localName),
        ran: (globalThis as unknown as { ran: number }).ran,
        text: document.body.innerText,
      };
    });
    elements.push(...found.made.map((each) => `${path}: ${each}`));
    ran += found.ran;
    const html = await page.content();
    for (const [, field = ''] of html.matchAll(/&lt;own-([a-z]+)/g)) fields.add(field);
    for (const link of linksIn(html)) seen.add(link);
  }
  await page.goto(`${url}/console/test/`);
  await page.getByLabel('Search', { exact: true }).fill(hostile('search'));
  await Promise.all([page.waitForEvent('framenavigated'), page.keyboard.press('Enter')]);
  await page.waitForLoadState();
  await context.close();
  await service.ran.kill();
  return { pages: seen.size, fields, elements, reports, ran };
}

test.serial('text of buyers, marketplaces and relays stays text in each screen', async (t) => {
  t.timeout(240_000);
  const { pages, fields, elements, reports, ran } = await crawl();
  t.deepEqual(elements, []);
  t.deepEqual(reports, []);
  t.is(ran, 0);
  t.true(pages > 60, `${pages} pages`);
  for (const field of [...HOSTILE_FIELDS, 'relay']) t.true(fields.has(field), `${field} was on a page`);
});

test.serial(
  'the control: one value unescaped becomes an element, and the policy alone stops its script',
  async (t) => {
    t.timeout(240_000);
    const { elements, reports, ran } = await crawl(ONE_VALUE_UNESCAPED, 40);
    t.true(
      elements.some((each) => each.endsWith('own-name')),
      elements.join(),
    );
    t.true(reports.length > 0);
    t.is(ran, 0, 'the policy');
  },
);
