/** node tools/console/pictures.ts: makes the pictures of docs/console.md from made-up data, in Chromium. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openChromium } from '../../test/browser/support/chromium.ts';
import { fillShop, openShop, reference, refundInPart, SHOP_PRODUCTS } from '../../test/kit/console.ts';
import { FileOwner } from '../../test/kit/fastspring.ts';
import { openMailbox } from '../../test/kit/mailbox.ts';

const FOLDER = fileURLToPath(new URL('../../docs/images/', import.meta.url));

const owner = new FileOwner();
try {
  const mailbox = await openMailbox(owner, {
    onRcptTo: ({ address }, _, done) =>
      address === 'zoe@example.net'
        ? done(Object.assign(new Error('5.1.1 no such user'), { responseCode: 550 }))
        : done(),
  });
  const shop = await openShop(owner, {
    products: {
      ...SHOP_PRODUCTS,
      atlas: SHOP_PRODUCTS['atlas']?.replace('\n---\n', '\nmail: { sold: on }\n---\n') ?? '',
    },
    env: { SMTP_URL: `smtp://127.0.0.1:${mailbox.port}`, MAIL_FROM: 'licenses@example.com' },
  });
  await fillShop(shop, 70);
  await refundInPart(shop, 7);
  const waiting = async () => (await shop.cli(['outbox', 'list', '--state', 'waiting', '--json'])).out;
  while (/"number"/.test(await waiting())) await sleep(100);
  const [name = '', value = ''] = (await shop.enter()).split('=');
  const browser = await openChromium(owner);
  const context = await browser.newContext({
    viewport: { width: 960, height: 520 },
    reducedMotion: 'reduce',
  });
  await context.addCookies([{ name, value, domain: 'localhost', path: '/' }]);
  const page = await context.newPage();
  const pictures = [
    ['overview', '/console/live/', 700],
    ['order', `/console/live/orders/fastspring/${reference(7)}`, 720],
    ['outbox', '/console/live/outbox', 520],
  ] as const;
  for (const [file, path, height] of pictures) {
    await page.setViewportSize({ width: 960, height });
    await page.goto(`${shop.url.replace('127.0.0.1', 'localhost')}${path}`);
    await page.screenshot({ path: `${FOLDER}console-${file}.png` });
  }
} finally {
  await owner.end();
}
