/** The license box, opened from the disk: what it says while a customer types and pastes. */
import { readFileSync, rmSync } from 'node:fs';
import test from 'ava';
import type { Browser } from 'playwright-core';
import { dayNumber, type LicenseRecord } from '../../src/license-code/record.ts';
import { explain, type Verdict } from '../../src/license-code/verdict.ts';
import { FileOwner } from '../kit/fastspring.ts';
import {
  keyring,
  mint,
  PRODUCT,
  read,
  strangerKey,
  TODAY,
  tamper,
  testKey,
  vectors,
} from '../kit/sample-codes.ts';
import { findChromium, openChromium, openPage } from './support/chromium.ts';
import { detailsOf, EXAMPLE_ADDRESS, paste, says, writePage } from './support/license-box.ts';

const owner = new FileOwner();
let browser: Browser;
let address: string;
test.before(async () => {
  browser = await openChromium(owner);
  const features = ['export', 'sync', 'print'];
  address = writePage(owner, { product: PRODUCT, name: 'Acme Editor', keyring, buildDate: TODAY, features });
});
test.after.always(() => owner.end());

const VALID = mint();
const day = (text: string) => dayNumber(text);
const other: LicenseRecord['licenseId'] = new Uint8Array(16).fill(7);

/** More than a reader undoes. */
function twoWrong(code: string): string {
  const change = (letter?: string) => (letter === '7' ? '8' : '7');
  return `${code.slice(0, 60)}${change(code[60])}${code.slice(61, 90)}${change(code[90])}${code.slice(91)}`;
}

/** The package's sentence as it stands in the page. */
const shown = (verdict: Verdict) => {
  const text = explain(verdict);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
};

const BAD: readonly (readonly [Verdict['verdict'], string, string])[] = [
  ['empty', ' - \n', 'No code yet.'],
  ['too-short', VALID.slice(0, 97), 'Not all of it yet.'],
  ['no-code', 'ABC261126-1234-56789', 'No license code in it.'],
  ['too-long', `${VALID}${VALID.slice(0, 2)}`, 'Not accepted.'],
  ['bad-character', `${VALID.slice(0, 10)}UU${VALID.slice(12)}`, 'Not accepted.'],
  ['mistyped', twoWrong(VALID), 'Not accepted.'],
  ['unsupported-version', tamper(VALID, (bytes) => bytes.fill(0x20, 0, 1)), 'Not accepted.'],
  ['wrong-product', tamper(VALID, (bytes) => bytes.fill(0, 2, 5)), 'Not accepted.'],
  ['unknown-key', mint({ keyId: 9 }), 'Not accepted.'],
  ['forged', mint({}, strangerKey), 'Not accepted.'],
  ['test-code', mint({ test: true, keyId: 2 }, testKey), 'Not accepted.'],
  [
    'not-yet-valid',
    mint({ issued: day('2100-01-01'), lastValid: day('2101-01-01') }),
    'Genuine, but it does not count today.',
  ],
  ['expired', mint({ lastValid: day('2026-11-20') }), 'Genuine, but it does not count today.'],
  ['updates-ended', mint({ updatesUntil: day('2026-11-20') }), 'Genuine, but it does not count today.'],
];

test.serial('the page of the project opens from the disk and takes a published code', async (t) => {
  const { page, errors, asked } = await openPage(browser, EXAMPLE_ADDRESS);
  await says(t, page, '#title', 'No code yet.');
  const code = vectors.mint.find(({ name }) => name === 'subscription year, five seats')!.code;
  await paste(page, code);
  await says(t, page, '#verdict', '✓ Licensed. Thank you.');
  t.is(await page.title(), 'Acme Editor: enter your license');
  t.deepEqual([errors, asked], [[], []]);
});

test.serial('the code that docs/verifying.md has for it is taken', async (t) => {
  const text = readFileSync(new URL('../../docs/verifying.md', import.meta.url), 'utf8');
  const [, code = ''] = /## In a web page[\s\S]*?\n([0-9A-Z]{160})\n/.exec(text) ?? [];
  const { page } = await openPage(browser, EXAMPLE_ADDRESS);
  await paste(page, code);
  await says(t, page, '#title', 'Licensed.');
  t.is((await detailsOf(page))['Valid'], 'for good');
});

test.serial('each way in which a code can be bad is told in its own sentence', async (t) => {
  const { page, errors, asked } = await openPage(browser, address);
  for (const [name, text, title] of BAD) {
    const verdict = read(text, { buildDate: TODAY });
    t.is(verdict.verdict, name);
    await paste(page, VALID);
    await says(t, page, '#title', 'Licensed.');
    await paste(page, text);
    await says(t, page, '#title', title);
    await says(t, page, '#sentence', shown(verdict));
  }
  t.is(new Set(BAD.map(([, text]) => shown(read(text, { buildDate: TODAY })))).size, BAD.length);
  t.deepEqual([errors, asked], [[], []]);
});

test.serial(
  'while it is typed, the box counts on; a license shows what it says as soon as it is whole',
  async (t) => {
    const { page } = await openPage(browser, address);
    const code = mint({
      lastValid: day('2027-11-24'),
      updatesUntil: day('2027-01-31'),
      seats: 5,
      features: 5,
    });
    await page.getByLabel('License code').focus();
    await page.evaluate(() => {
      const seen: number[] = [];
      Object.assign(globalThis, { seen });
      const note = () => seen.push(1);
      new MutationObserver(note).observe(document.querySelector('#sentence')!, { childList: true });
    });
    for (const [upTo, title] of [
      [1, 'Not all of it yet.'],
      [80, 'Not all of it yet.'],
      [158, 'Not all of it yet.'],
      [160, 'Licensed.'],
    ] as const) {
      const typed = await page.getByLabel('License code').inputValue();
      await page.keyboard.type(code.slice(typed.length, upTo).toLowerCase(), { delay: 10 });
      await says(t, page, '#title', title);
      if (upTo < 160)
        await says(t, page, '#sentence', `This is ${upTo} of 160 characters: copy the whole line.`);
      t.is(await page.locator('#license').isVisible(), upTo === 160);
    }
    const judged = await page.evaluate(() => (globalThis as unknown as { seen: number[] }).seen.length);
    t.true(
      judged >= 4 && judged < 40,
      `the code is judged in pauses, not at each of 160 keys: ${judged} times`,
    );
    t.deepEqual(await detailsOf(page), {
      Valid: 'until 24 November 2027',
      For: '5 computers',
      'New versions': 'those until 31 January 2027',
      Features: 'export, print',
      License: '0192f3a1-7c4e-7d2b-9a11-5f0c3be8d671',
    });
  },
);

test.serial(
  'a sloppy paste is taken: quoted, wrapped, grouped, typographic, twice, or within its mail',
  async (t) => {
    const { page } = await openPage(browser, address);
    const groups = VALID.match(/.{8}/g)!;
    const lines = VALID.match(/.{1,33}/g)!;
    const messy = [
      lines.map((line) => `> > ${line}`).join('\r\n'),
      groups.join('\u2013'),
      groups.join('\u00a0 '),
      `\`\`\`\n${VALID}\n\`\`\``,
      `**${VALID.toLowerCase()}**`,
      `${VALID}${VALID}`,
      `\ufeff${VALID.slice(0, 50)}\u200b${VALID.slice(50)}\u00ad`,
      `Hello Ada,\n\nhere is your code:\n\n${VALID}\n\nEnjoy!`,
      `Hello Ada,\n\n${lines.join('=\n')}\n\nEnjoy!`,
    ];
    for (const text of messy) {
      await paste(page, 'x');
      await says(t, page, '#title', 'No license code in it.');
      await paste(page, text);
      await says(t, page, '#title', 'Licensed.');
    }
  },
);

test.serial('of a mail with several codes the customer chooses one, by keyboard too', async (t) => {
  const { page, errors } = await openPage(browser, address);
  const expired = mint({ licenseId: other, lastValid: day('2026-01-01') });
  await paste(page, `Your codes:\n\n${expired}\n\nand\n\n${VALID}\n\nEnjoy!`);
  await says(t, page, '#verdict', '… Several codes. Here are codes of several licenses: paste one of them.');
  const choices = page.locator('#choices').getByRole('button');
  t.deepEqual(
    (await choices.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ')),
    [
      `${expired.slice(0, 6)} … ${expired.slice(-6)} This license expired on 2026-01-01.`,
      `${VALID.slice(0, 6)} … ${VALID.slice(-6)} Valid for good, for 5 computers.`,
    ],
  );
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await says(t, page, '#title', 'Licensed.');
  t.is(await page.getByLabel('License code').inputValue(), VALID);
  t.true(await page.getByLabel('License code').evaluate((box) => box === document.activeElement));
  t.false(await page.locator('#choices').isVisible());
  t.deepEqual(errors, []);
});

test.serial(
  'a code typed with one wrong character is taken, and the page shows what was corrected',
  async (t) => {
    const { page, errors } = await openPage(browser, address);
    await page.getByLabel('License code').focus();
    await page.keyboard.type(`${VALID.slice(0, 70)}u${VALID.slice(71)}`);
    await says(t, page, '#title', 'Licensed.');
    await says(t, page, '#slip', `Character 71 was u and is read as ${VALID[70]}.`);
    t.deepEqual(await page.locator('#slip mark').allInnerTexts(), ['u', VALID[70]!]);
    await paste(page, VALID);
    await page.locator('#slip').waitFor({ state: 'hidden' });
    t.deepEqual(errors, []);
  },
);

test.serial('while a code is typed, the page shows the group that is wrong', async (t) => {
  const { page } = await openPage(browser, address);
  await page.getByLabel('License code').focus();
  await page.keyboard.type(`${VALID.slice(0, 35)}u${VALID.slice(36, 50)}`);
  await says(t, page, '#title', 'Not all of it yet.');
  await says(t, page, '#slip', 'Something is wrong in group 5 of 20: characters 33 to 40 of the code.');
});

test.serial('what is pasted stays text, and nothing can make HTML of it', async (t) => {
  const { page, errors, asked } = await openPage(browser, address);
  const attack = '<img src=x onerror="globalThis.broken = 1"><script>globalThis.broken = 1</script>';
  for (const text of [attack, `${attack}\n${VALID}\n${mint({ licenseId: other })}`, `${VALID}${attack}`]) {
    await paste(page, text);
    await page.waitForTimeout(300);
    t.is(await page.getByLabel('License code').inputValue(), text);
    t.is(await page.locator('img').count(), 0);
    t.false((await page.locator('main').innerHTML()).includes('onerror'));
  }
  // What another page of the disk may have left in the memory is no better.
  await page.evaluate(
    ([place, text]) => {
      localStorage.setItem(`mintmark:${place}:code`, text!);
      localStorage.setItem(`mintmark:${place}:revocations`, text!);
    },
    [PRODUCT, attack],
  );
  await page.reload();
  await says(t, page, '#title', 'No license code in it.');
  t.is(await page.evaluate(() => (globalThis as { broken?: number }).broken), undefined);
  t.deepEqual([errors, asked], [[], []]);
  const html = await page.evaluate(() => {
    try {
      document.body.innerHTML = '<img src=x>';
      return 'made';
    } catch (error) {
      return String(error);
    }
  });
  t.regex(html, /TrustedHTML/, 'control: the browser itself refuses it');
});

test.serial('no request leaves the page but to the server that its head names', async (t) => {
  const { page, asked, errors } = await openPage(browser, address);
  const reach = () =>
    page.evaluate(() =>
      fetch('http://127.0.0.1:9/').then(
        () => 'sent',
        () => 'refused',
      ),
    );
  t.is(await reach(), 'refused');
  t.regex(errors.join(), /Content Security Policy/, 'control: it was the policy that refused');
  t.deepEqual(
    asked.filter((url) => !url.startsWith('http://127.0.0.1:9/')),
    [],
  );
  t.false(await page.locator('#online').isVisible(), 'a page without a server does not offer to ask one');
});

test.serial(
  'a page that cannot start says so: without keys, and without the file of the package',
  async (t) => {
    const keyless = writePage(owner, { product: PRODUCT, name: 'Acme Editor', keyring: [] });
    const bare = writePage(owner, { product: PRODUCT, name: 'Acme Editor', keyring });
    rmSync(new URL('mintmark-verify.global.js', bare));
    for (const [broken, fault] of [
      [keyless, /keyring: holds no key/],
      [bare, /mintmark is not defined/],
    ] as const) {
      const { page, errors } = await openPage(browser, broken);
      await says(t, page, '#title', 'This page could not start.');
      t.regex(errors.join(), fault);
    }
  },
);

test('a machine without Chromium is told what to install', (t) => {
  t.throws(() => findChromium('/nowhere'), { message: /install it \(Debian: chromium\)/ });
  t.true(findChromium().length > 0, 'control');
});

test('the page has no inline script, style or handler, which its policy would refuse', (t) => {
  const html = readFileSync(new URL('../../examples/browser/index.html', import.meta.url), 'utf8');
  const inline = (text: string) => text.match(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=/g) ?? [];
  t.deepEqual(inline(html), []);
  t.is(inline('<p onclick="x" style="y"><script>z</script>').length, 3, 'control');
});
