/** The HTML part of a mail in Chromium: both themes, a narrow window, nothing remote, and the code copied whole. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import test from 'ava';
import type { Browser } from 'playwright-core';
import { loadCatalog } from '../../src/catalog/catalog.ts';
import { mailPage } from '../../src/message/mail-page.ts';
import { writeText } from '../../src/message/reply.ts';
import { sampleCodes } from '../../src/message/samples.ts';
import { compileMessage } from '../../src/message/template.ts';
import { FileOwner } from '../kit/fastspring.ts';
import { temporaryFolder } from '../kit/service.ts';
import { openChromium, openPage } from './support/chromium.ts';
import { textContrasts } from './support/contrast.ts';

/** For people to look at: not compared, since fonts differ from machine to machine. */
const PICTURES = fileURLToPath(new URL('../../dist/browser/', import.meta.url));
mkdirSync(PICTURES, { recursive: true });

const CODES = sampleCodes(2);
const NAME = '<img src="http://mail.example/x" onerror="document.title=1"> Zoë';

const owner = new FileOwner();
let browser: Browser;
let address: string;
test.before(async () => {
  browser = await openChromium(owner);
  const product = (await loadCatalog(fileURLToPath(new URL('../../data/products', import.meta.url)))).get(
    'example',
  );
  if (product === undefined) throw new Error('the example is gone');
  const text = writeText(compileMessage(product.message), {
    codes: CODES,
    license: { lastValid: '2027-12-04', updatesUntil: null, seats: 1, features: 3, trial: false },
    order: { id: '621267-5045403', quantity: 2, test: true },
    customer: { name: NAME, email: undefined },
    reason: 'renewed',
  });
  const file = join(temporaryFolder(owner), 'mail.html');
  writeFileSync(file, mailPage(`Your license ${NAME}`, text));
  address = pathToFileURL(file).href;
});
test.after.always(() => owner.end());

for (const colorScheme of ['light', 'dark'] as const) {
  test.serial(
    `in the ${colorScheme} theme each text has a contrast of 4.5, and nothing is asked of anybody`,
    async (t) => {
      const { page, errors, asked } = await openPage(browser, address, { colorScheme, width: 700 });
      await page.screenshot({ path: `${PICTURES}mail-${colorScheme}.png`, fullPage: true });
      const contrasts = await textContrasts(page);
      t.true(contrasts.length > 5);
      t.deepEqual(
        contrasts.filter(({ ratio }) => ratio < 4.5),
        [],
      );
      t.deepEqual({ errors, asked }, { errors: [], asked: [] });
      t.is(await page.title(), `Your license ${NAME}`);
      const dark = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      t.is(dark, colorScheme === 'dark' ? 'rgb(28, 28, 30)' : 'rgb(255, 255, 255)');
    },
  );
}

test.serial(
  'at 320 pixels nothing reaches over the edge, and each code is in a block of its own, without a break in it',
  async (t) => {
    const { page } = await openPage(browser, address, { width: 320 });
    await page.screenshot({ path: `${PICTURES}mail-320.png`, fullPage: true });
    t.true(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
    const blocks = await page.locator('pre').all();
    const copied: string[] = [];
    for (const block of blocks) {
      copied.push(
        await block.evaluate((element) => {
          getSelection()?.selectAllChildren(element);
          return String(getSelection()).trim();
        }),
      );
      t.true(await block.evaluate((element) => element.scrollWidth <= element.clientWidth));
    }
    t.deepEqual(copied, CODES);
    const broken = await page.evaluate(() => {
      for (const block of document.querySelectorAll('pre')) block.style.whiteSpace = 'pre';
      return (
        document.documentElement.scrollWidth > window.innerWidth ||
        [...document.querySelectorAll('pre')].some((block) => block.scrollWidth > block.clientWidth)
      );
    });
    t.true(broken, 'the control: a code that cannot wrap is found');
  },
);
