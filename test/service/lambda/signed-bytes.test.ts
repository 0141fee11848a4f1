/** Bodies with every byte, signed and passed through the handler to a running service: none is changed on the way. */
import test from 'ava';
import { signWebhook } from '../../../src/marketplaces/fastspring/simulator.ts';
import { FASTSPRING_PRODUCTS, FileOwner } from '../../kit/fastspring.ts';
import { WEBHOOK_SECRETS } from '../../kit/fastspring-secrets.ts';
import { answerOf, eventOf, handlerOf, SHAPES } from '../../kit/lambda.ts';
import { makeHome, startHome } from '../../kit/service.ts';

const owner = new FileOwner();
let handle: ReturnType<typeof handlerOf>;
test.before(async () => {
  const given = {
    products: FASTSPRING_PRODUCTS,
    env: { FASTSPRING_WEBHOOK_SECRETS: WEBHOOK_SECRETS.join() },
  };
  handle = handlerOf(await startHome(owner, makeHome(owner, given), given));
});
test.after.always(() => owner.end());

/** 200: the signature is right and all is done; 503: it is right, and the body is kept as unreadable; 401: it is wrong. */
async function statusOf(shape: (typeof SHAPES)[number], type: string, signed: Buffer, sent = signed) {
  const headers = { 'content-type': type, 'x-fs-signature': signWebhook(signed, WEBHOOK_SECRETS[0]) };
  const target = '/webhooks/fastspring';
  return answerOf(await handle(eventOf(shape, { method: 'POST', target, headers, body: sent }))).status;
}

for (const shape of SHAPES) {
  test(`${shape}: a text with each character up to U+07FF keeps its signature`, async (t) => {
    const letters = Array.from({ length: 0x800 - 0x20 }, (_, place) => String.fromCharCode(0x20 + place));
    const note = JSON.stringify(letters.join(''));
    const body = Buffer.from(`\r\n\t {"events":[],"note":${note}}\n`);
    t.is(await statusOf(shape, 'application/json', body), 200);
    const changed = Buffer.from(body.toString().replace('é', 'è'));
    t.is(await statusOf(shape, 'application/json', body, changed), 401, 'the control');
  });
}

test('every byte keeps its signature in base64', async (t) => {
  const before = Buffer.from('{"events":[],"note":"');
  for (let byte = 0; byte < 256; byte++) {
    const body = Buffer.concat([before, Buffer.from([byte, 0xff, byte, 0xc3]), Buffer.from('"}')]);
    t.is(await statusOf('api-gateway', 'application/json', body), 503, `byte ${byte}`);
  }
  const body = Buffer.concat([before, Buffer.from([0xff]), Buffer.from('"}')]);
  t.is(
    await statusOf('api-gateway', 'application/json', body, Buffer.concat([body, body])),
    401,
    'the control',
  );
});
