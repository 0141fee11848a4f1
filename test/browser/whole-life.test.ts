/** A license's whole life in a customer's browser: the real page from the disk, against a real service. */
import test from 'ava';
import type { Browser, Page } from 'playwright-core';
import { findCodes } from '../../src/license-code/find-codes.ts';
import { FileOwner } from '../kit/fastspring.ts';
import { NOW } from '../kit/sale.ts';
import { openSeller, type Seller } from '../kit/seller.ts';
import { openChromium, openPage, setDay, type Watched } from './support/chromium.ts';
import { detailsOf, paste, says, writePage } from './support/license-box.ts';

const owner = new FileOwner();
let browser: Browser;
let seller: Seller;
let address: string;
test.before(async () => {
  [browser, seller] = await Promise.all([openChromium(owner), openSeller(owner)]);
  const { keyring, url: server } = seller;
  const features = ['export', 'sync'];
  address = writePage(owner, { product: 'example', name: 'Example App', keyring, features, server });
});
test.beforeEach(() => {
  seller.home.clock.now = NOW;
});
test.after.always(() => owner.end());

const BOUGHT = '2026-11-20';

const openBox = (today = BOUGHT): Promise<Watched> => openPage(browser, address, { today });

/** The next time that the customer opens the program, on a day. */
async function reopen(page: Page, today: string): Promise<void> {
  await setDay(page, today);
  await page.reload();
}

const checkForRenewal = (page: Page) => page.getByRole('button', { name: 'Check for a renewal' }).click();
const fetchList = (page: Page) => page.getByRole('button', { name: 'Fetch the list' }).click();
const boxOf = (page: Page) => page.getByLabel('License code').inputValue();

test.serial('bought and pasted with the whole mail: verified without a single request', async (t) => {
  const { page, errors, asked } = await openBox();
  await paste(page, await seller.buy('2001'));
  await says(t, page, '#verdict', '✓ Licensed. Thank you.');
  const { License: _, ...details } = await detailsOf(page);
  t.deepEqual(details, {
    Valid: 'until 4 December 2027',
    For: '1 computer',
    'New versions': 'all of them',
    Features: 'export, sync',
  });
  t.deepEqual([errors, asked], [[], []]);
});

test.serial(
  'renewed: one click brings the new code, and the old one reads expired where the new is valid',
  async (t) => {
    const { page, errors } = await openBox();
    const [old = ''] = findCodes(await seller.buy('2002'));
    await paste(page, old);
    await says(t, page, '#title', 'Licensed.');
    await checkForRenewal(page);
    await says(t, page, '#answer', 'This is the newest code of your license.');
    t.is(await boxOf(page), old, 'control');

    await seller.renew('2002');
    await reopen(page, '2027-11-21');
    await checkForRenewal(page);
    await says(
      t,
      page,
      '#answer',
      'There is a newer code. It is in the box now, in the place of the old one.',
    );
    const renewed = await boxOf(page);
    t.not(renewed, old);
    t.is((await detailsOf(page))['Valid'], 'until 4 December 2028');

    await reopen(page, '2028-01-15');
    await says(t, page, '#title', 'Licensed.');
    t.is(await boxOf(page), renewed, 'the new code is the one that is remembered');
    const elsewhere = await openBox('2028-01-15');
    await paste(elsewhere.page, old);
    await says(t, elsewhere.page, '#sentence', 'This license expired on 2027-12-04.');
    t.deepEqual([errors, elsewhere.errors], [[], []]);
  },
);

test.serial(
  'refunded: valid as long as the list is not fetched, then withdrawn, also after a restart',
  async (t) => {
    const [mine, neighbor] = [await openBox(), await openBox()];
    await paste(mine.page, await seller.buy('2003'));
    await paste(neighbor.page, await seller.buy('2004'));
    const code = await boxOf(mine.page);
    await fetchList(mine.page);
    await says(t, mine.page, '#answer', /is held now\.$/);
    await says(t, mine.page, '#title', 'Licensed.');
    await seller.refund('2003');
    await mine.page.reload();
    await says(t, mine.page, '#title', 'Licensed.');
    await checkForRenewal(mine.page);
    await says(t, mine.page, '#answer', 'The seller says that this license was withdrawn.');
    await says(t, mine.page, '#title', 'Licensed.');
    for (const { page } of [mine, neighbor]) {
      await fetchList(page);
      await says(t, page, '#answer', /is held now\.$/);
    }
    await says(t, mine.page, '#sentence', 'This license was withdrawn (refunded, for example).');
    await says(t, neighbor.page, '#title', 'Licensed.');
    await mine.page.reload();
    await says(t, mine.page, '#title', 'Not accepted.');
    const without = await openBox();
    await paste(without.page, code);
    await says(t, without.page, '#title', 'Licensed.');
  },
);

test.serial(
  'overdue: the server says since when, the list warns, and the license counts until its last day',
  async (t) => {
    const { page } = await openBox();
    await paste(page, await seller.buy('2005'));
    await says(t, page, '#verdict', '✓ Licensed. Thank you.');
    await seller.fallOverdue('2005');
    await checkForRenewal(page);
    await says(t, page, '#answer', /suspended since 20 November 2026: a payment is overdue or in dispute\.$/);
    await fetchList(page);
    await says(t, page, '#verdict', /^✓ Licensed\. Thank you\. A payment is overdue or in dispute/);
  },
);

test.serial(
  'the server gone for a year: valid until the last day, and what was withdrawn stays so',
  async (t) => {
    const [mine, refunded] = [await openBox(), await openBox()];
    const mail = await seller.buy('2006');
    await paste(mine.page, mail);
    await paste(refunded.page, await seller.buy('2007'));
    await seller.refund('2007');
    await fetchList(refunded.page);
    await says(t, refunded.page, '#title', 'Not accepted.');
    await says(t, mine.page, '#title', 'Licensed.');
    await seller.stop();

    for (const today of ['2027-11-20', '2027-12-04', '2027-12-05']) {
      for (const { page } of [mine, refunded]) await reopen(page, today);
      await says(t, mine.page, '#title', today < '2027-12-05' ? 'Licensed.' : /^Genuine, but/);
      await says(t, refunded.page, '#sentence', 'This license was withdrawn (refunded, for example).');
      await checkForRenewal(mine.page);
      await says(t, mine.page, '#answer', 'The server cannot be reached. Your license does not need it.');
      t.deepEqual([await boxOf(mine.page)], findCodes(mail), 'the code is kept');
      await fetchList(refunded.page);
      await says(
        t,
        refunded.page,
        '#answer',
        /^The list could not be fetched\. The list of .* stays in force\.$/,
      );
      await says(t, refunded.page, '#title', 'Not accepted.');
    }
  },
);
