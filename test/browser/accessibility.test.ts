/** The license box for everybody: by keyboard, by ear, in both themes, enlarged, and without motion. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import type { Browser } from 'playwright-core';
import { dayNumber } from '../../src/license-code/record.ts';
import { FileOwner } from '../kit/fastspring.ts';
import { keyring, mint, PRODUCT, strangerKey } from '../kit/sample-codes.ts';
import { openChromium, openPage } from './support/chromium.ts';
import { edgeContrasts, textContrasts } from './support/contrast.ts';
import { paste, says, writePage } from './support/license-box.ts';

/** For people to look at: not compared, since fonts differ from machine to machine. */
const PICTURES = fileURLToPath(new URL('../../dist/browser/', import.meta.url));
mkdirSync(PICTURES, { recursive: true });

const owner = new FileOwner();
let browser: Browser;
let address: string;
test.before(async () => {
  browser = await openChromium(owner);
  const server = 'http://127.0.0.1:9';
  address = writePage(owner, {
    product: PRODUCT,
    name: 'Acme Editor',
    keyring,
    features: ['export'],
    server,
  });
});
test.after.always(() => owner.end());

const VALID = mint({ lastValid: dayNumber('2027-11-24') });
const EXPIRED = mint({ licenseId: new Uint8Array(16).fill(7), lastValid: dayNumber('2026-01-01') });

/** A text for each look that the box can have, and the title that it then has. */
const LOOKS: readonly (readonly [string, string, string])[] = [
  ['empty', '', 'No code yet.'],
  ['begun', VALID.slice(0, 90), 'Not all of it yet.'],
  ['valid', VALID, 'Licensed.'],
  ['expired', EXPIRED, 'Genuine, but it does not count today.'],
  ['forged', mint({}, strangerKey), 'Not accepted.'],
  ['several', `${VALID}\n\n${EXPIRED}`, 'Several codes.'],
];

for (const colorScheme of ['light', 'dark'] as const) {
  test.serial(
    `in the ${colorScheme} theme each text has a contrast of 4.5 and each edge one of 3`,
    async (t) => {
      const { page, errors } = await openPage(browser, address, { colorScheme });
      let texts = 0;
      for (const [name, text, title] of LOOKS) {
        await paste(page, text);
        await says(t, page, '#title', title);
        await page.screenshot({ path: `${PICTURES}${colorScheme}-${name}.png`, fullPage: true });
        const contrasts = await textContrasts(page);
        texts += contrasts.length;
        t.deepEqual(
          contrasts.filter(({ ratio }) => ratio < 4.5),
          [],
          name,
        );
        t.deepEqual(
          (await edgeContrasts(page)).filter(({ ratio }) => ratio < 3),
          [],
          name,
        );
      }
      t.true(texts > 60, `${texts} texts were looked at`);
      const back = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      t.is(back, colorScheme === 'light' ? 'rgb(244, 245, 247)' : 'rgb(15, 18, 22)');
      await page.locator('#hint').evaluate((hint) => {
        hint.style.color = 'rgb(130, 130, 130)';
      });
      await page.locator('#renew').evaluate((button) => {
        button.style.borderColor = 'rgb(130, 130, 130)';
        button.parentElement!.style.background = 'rgb(120, 120, 120)';
      });
      t.is(
        (await textContrasts(page)).filter(({ what, ratio }) => what.includes('hint') && ratio < 4.5).length,
        1,
      );
      t.is(
        (await edgeContrasts(page)).filter(({ what, ratio }) => what.includes('renew') && ratio < 3).length,
        1,
      );
      t.deepEqual(errors, []);
    },
  );
}

test.serial(
  'a screen reader meets a labeled box, what is said of it, and headings; news are told politely',
  async (t) => {
    const { page } = await openPage(browser, address);
    await paste(page, VALID);
    await says(t, page, '#title', 'Licensed.');
    const tree = await page.locator('body').ariaSnapshot();
    for (const line of [
      '- main:',
      '- heading "Unlock Acme Editor" [level=1]',
      `- textbox "License code": ${VALID}`,
      '- status:',
      '- strong: Licensed.',
      '- region "What your license says":',
      '- heading "What your license says" [level=2]',
      '- term: Valid',
      '- definition: until 24 November 2027',
      '- button "Forget this code"',
      '- region "Online, if you like":',
      '- button "Check for a renewal"',
      '- button "Fetch the list of withdrawn licenses"',
    ]) {
      t.true(tree.includes(line), `${line}\nis not in\n${tree}`);
    }
    t.false(tree.includes('✓'), 'the sign is for the eye only');
    const box = page.getByRole('textbox', { name: 'License code' });
    t.is(await box.getAttribute('aria-invalid'), 'false');
    t.is(await box.getAttribute('aria-describedby'), 'hint verdict');
    await paste(page, LOOKS[4]![1]);
    await says(t, page, '#title', 'Not accepted.');
    t.is(await box.getAttribute('aria-invalid'), 'true');
    // role=status is polite; a box that is read anew as a whole makes sense by ear.
    t.is(await page.getByRole('status').first().getAttribute('aria-atomic'), 'true');
    t.is(await page.locator('[aria-live="assertive"], [role="alert"]').count(), 0);
    t.is(await page.locator('html').getAttribute('lang'), 'en');
  },
);

test.serial('what a verdict means is in its sign and its words, not in its color alone', async (t) => {
  const { page } = await openPage(browser, address);
  const seen = new Map<string, string>();
  for (const [, text, title] of LOOKS) {
    await paste(page, text);
    await says(t, page, '#title', title);
    seen.set(
      await page.locator('#verdict').getAttribute('data-tone').then(String),
      await page.locator('#mark').innerText(),
    );
  }
  t.deepEqual([...seen.keys()].sort(), ['bad', 'care', 'good', 'waiting']);
  t.is(new Set(seen.values()).size, 4, 'a sign for each tone');
});

test.serial(
  'the keyboard alone reaches everything in the order of the page, and sees where it is',
  async (t) => {
    const { page } = await openPage(browser, address);
    await page.keyboard.press('Tab');
    await page.keyboard.insertText(VALID);
    await says(t, page, '#title', 'Licensed.');
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Control+X');
    await says(t, page, '#title', 'No code yet.');
    await page.keyboard.press('Control+V');
    await says(t, page, '#title', 'Licensed.');
    const stops: string[] = [];
    for (let i = 0; i < 4; i++) {
      stops.push(
        await page.evaluate(() => {
          const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement!);
          return `${document.activeElement!.id} ${outlineStyle} ${outlineWidth}`;
        }),
      );
      await page.keyboard.press('Tab');
    }
    t.deepEqual(
      stops,
      ['code', 'forget', 'renew', 'fetch-list'].map((id) => `${id} solid 3px`),
    );
    await page.locator('#renew').focus();
    await page.keyboard.press('Enter');
    await says(t, page, '#answer', 'The server cannot be reached. Your license does not need it.');
    t.is(await page.evaluate(() => document.activeElement!.id), 'renew', 'the focus stays');
  },
);

test.serial('at 320 pixels, which is a zoom of 400 %, nothing is cut off sideways', async (t) => {
  const { page } = await openPage(browser, address, { width: 320 });
  for (const [name, text, title] of LOOKS) {
    await paste(page, text);
    await says(t, page, '#title', title);
    t.true(await page.evaluate(() => document.documentElement.scrollWidth <= 320), name);
  }
  await page.screenshot({ path: `${PICTURES}narrow.png`, fullPage: true });
});

test.serial('whoever asked for less motion gets none', async (t) => {
  for (const [reducedMotion, duration] of [
    ['reduce', '0s'],
    ['no-preference', '0.15s'],
  ] as const) {
    const { page } = await openPage(browser, address, { reducedMotion });
    const moving = () =>
      page.evaluate(() => [
        ...new Set(
          [...document.querySelectorAll('*')].flatMap((each) => {
            const { transitionDuration, animationName } = getComputedStyle(each);
            return [...transitionDuration.split(', '), ...(animationName === 'none' ? [] : [animationName])];
          }),
        ),
      ]);
    t.deepEqual(
      (await moving()).filter((each) => each !== '0s'),
      duration === '0s' ? [] : [duration],
    );
  }
});
