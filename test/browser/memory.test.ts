/** The license box from one visit to the next: what it remembers, and what it does where it may not. */
import test from 'ava';
import type { Browser } from 'playwright-core';
import nacl from 'tweetnacl';
import { dayNumber } from '../../src/license-code/record.ts';
import { encodeRevocationList, revocationDigest } from '../../src/license-code/revocation-list.ts';
import { FileOwner } from '../kit/fastspring.ts';
import { keyring, liveKey, mint, PRODUCT, record, strangerKey } from '../kit/sample-codes.ts';
import { openChromium, openPage } from './support/chromium.ts';
import { paste, says, writePage } from './support/license-box.ts';

const owner = new FileOwner();
let browser: Browser;
let address: string;
test.before(async () => {
  browser = await openChromium(owner);
  address = writePage(owner, { product: PRODUCT, name: 'Acme Editor', keyring });
});
test.after.always(() => owner.end());

const VALID = mint();

test.serial(
  'a genuine code is remembered, an older one of its license gives way, and all is forgotten on demand',
  async (t) => {
    const { page } = await openPage(browser, address);
    const renewed = mint({ revision: 4, lastValid: dayNumber('2028-01-01') });
    await paste(page, renewed);
    await says(t, page, '#memory', 'This browser remembers the code.');
    await page.reload();
    await says(t, page, '#title', 'Licensed.');
    t.is(await page.getByLabel('License code').inputValue(), renewed);
    await paste(page, VALID);
    await says(t, page, '#memory', /the newer one was remembered and is used/);
    t.is(await page.getByLabel('License code').inputValue(), renewed);
    await paste(page, mint({}, strangerKey));
    await says(t, page, '#title', 'Not accepted.');
    await page.reload();
    await says(t, page, '#title', 'Licensed.');
    await page.getByRole('button', { name: 'Forget this code' }).click();
    await says(t, page, '#title', 'No code yet.');
    await page.reload();
    await says(t, page, '#title', 'No code yet.');
  },
);

test.serial('without a memory it works all the same, and says so', async (t) => {
  const { page, context, errors } = await openPage(browser, address);
  await context.addInitScript(() => {
    Object.defineProperty(globalThis, 'localStorage', {
      get() {
        throw new DOMException('refused', 'SecurityError');
      },
    });
  });
  await page.reload();
  await paste(page, VALID);
  await says(t, page, '#title', 'Licensed.');
  await says(t, page, '#memory', 'This browser remembers nothing for this page: keep the e-mail.');
  t.deepEqual(errors, []);
});

test.serial(
  'a list that was kept withdraws after a restart; one of a stranger withdraws nobody',
  async (t) => {
    const { page } = await openPage(browser, address);
    const revoked = revocationDigest(record.licenseId);
    const list = (key: nacl.SignKeyPair) =>
      encodeRevocationList(
        {
          product: PRODUCT,
          seq: 3,
          iat: 1_795_000_000,
          nxt: 1_795_100_000,
          revoked,
          suspended: new Uint8Array(),
        },
        1,
        (message) => nacl.sign.detached(message, key.secretKey),
      );
    for (const [key, title] of [
      [strangerKey, 'Licensed.'],
      [liveKey, 'Not accepted.'],
    ] as const) {
      await page.evaluate(
        ([place, text]) => localStorage.setItem(place!, text!),
        [`mintmark:${PRODUCT}:revocations`, list(key)],
      );
      await page.reload();
      await paste(page, VALID);
      await says(t, page, '#title', title);
    }
    await says(t, page, '#sentence', 'This license was withdrawn (refunded, for example).');
  },
);
