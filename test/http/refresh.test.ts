/** POST /v1/licenses/refresh: the response to a customer's program over the whole life of a license. */
import test, { type ExecutionContext } from 'ava';
import request from 'supertest';
import type { Entitlement } from '../../src/domain/values/license.ts';
import { readIdSecret } from '../../src/keyring/id-secret.ts';
import { createMinter } from '../../src/keyring/minter.ts';
import { loadSigners } from '../../src/keyring/signer.ts';
import { newest } from '../../src/license-code/newest.ts';
import {
  type Data,
  day,
  FileOwner,
  type LicenseJson,
  type Market,
  only,
  openMarket,
} from '../kit/fastspring.ts';

const owner = new FileOwner();
let market: Market;
test.before(async () => {
  market = await openMarket(owner);
});
test.after.always(() => owner.end());

const PATH = '/v1/licenses/refresh';

function ask(body: string | Buffer | object, type = 'text/plain') {
  return request(market.url)
    .post(PATH)
    .set('Content-Type', type)
    .serialize(
      (sent: unknown) =>
        (typeof sent === 'string' || Buffer.isBuffer(sent) ? sent : JSON.stringify(sent)) as string,
    )
    .send(body);
}

let count = 0;

/** A subscription sold on 1 November 2026 and paid until 1 December, with 14 days of grace. */
async function sell(t: ExecutionContext, product = 'plan-monthly', live = true) {
  count += 1;
  const order = `R-${count}`;
  const id = `sub-r-${count}`;
  const subscription = (more: Data = {}) => ({
    ...{
      id,
      subscription: id,
      active: true,
      state: 'active',
      live,
      account: 'account',
      product,
      quantity: 1,
    },
    ...{ sequence: 1, next: day('2026-12-01'), nextChargeDate: day('2026-12-01'), ...more },
  });
  const tell = (type: string, data: Data, created?: number) =>
    market.tell(market.event(type, data, { live, ...(created !== undefined && { created }) }));
  const item = { product, quantity: 1, subscription: subscription(), fulfillments: {} };
  const customer = { first: 'Grace', last: 'Canary', email: 'canary@example.com' };
  const sold = {
    order,
    id: order,
    reference: order,
    live,
    completed: true,
    account: 'account',
    customer,
    items: [item],
  };
  await tell('order.completed', sold, day('2026-11-01'));
  return {
    order,
    license: () => only(t, market, order),
    tell: (type: string, more: Data = {}) => tell(type, subscription(more)),
    /** Pays the next period, which ends on that day. */
    renew: (until: string, at = day('2026-12-01')) => {
      const renewed = subscription({ sequence: 2, next: day(until), nextChargeDate: day(until) });
      const charge = { order: `${order}-2`, sequence: 2, status: 'successful', subscription: renewed };
      return tell('subscription.charge.completed', charge, at);
    },
  };
}

const cli = async (t: ExecutionContext, ...words: string[]) => {
  const { status, err } = await market.cli(['license', ...words, '--reason', 'a test']);
  t.is(status, 0, err);
};

test('the newest code of a license is returned unchanged, and must not be cached', async (t) => {
  const { license } = await sell(t);
  const { code } = await license();
  const answer = await ask(code);
  t.is(answer.status, 200);
  t.deepEqual(answer.body, { changed: false, code });
  t.is(answer.headers['cache-control'], 'no-store');
  t.is(answer.headers['access-control-allow-origin'], '*');
});

test('a renewal 20 days before the period ends loses no day: the new code is valid to the new end plus grace', async (t) => {
  const { license, renew } = await sell(t);
  const before = await license();
  t.is(before.lastValid, '2026-12-15');
  await renew('2027-01-01', day('2026-11-11'));
  const { status, body } = await ask(before.code);
  t.is(status, 200);
  t.true(body.changed);
  const reader = market.home.reader('plan', { today: '2026-11-12' });
  const [old, fresh] = [reader.read(before.code), reader.read(body.code)];
  if (old.verdict !== 'valid' || fresh.verdict !== 'valid') return t.fail();
  t.is(fresh.license.lastValid, '2027-01-15');
  t.is(newest(old, fresh), fresh, 'the one with more days is the newer one');
  t.deepEqual((await ask(body.code)).body, { changed: false, code: body.code });
});

test('a suspended license gets 403 with the day of suspension, and 200 once it is paid', async (t) => {
  const { license, tell, renew } = await sell(t);
  const { code } = await license();
  await tell('subscription.payment.overdue', { state: 'overdue' });
  const { state, history } = await license();
  t.is(state, 'suspended');
  const answer = await ask(code);
  t.is(answer.status, 403);
  t.like(answer.body, { code: 'license_suspended', since: history.at(-1)?.at.slice(0, 10) });
  t.is(answer.type, 'application/problem+json');
  t.is(answer.headers['cache-control'], 'no-store');
  await renew('2027-01-01');
  t.like((await ask(code)).body, { changed: true });
});

test('a revoked license gets 410, without a code in the response', async (t) => {
  const { license } = await sell(t);
  const { code, id } = await license();
  await cli(t, 'revoke', id);
  const { status, body, text } = await ask(code);
  t.is(status, 410);
  t.is(body.code, 'license_revoked');
  t.notRegex(text, /[0-9A-Z]{160}/);
});

test('after a reissue for a leak the old code gets 410, and the new code gets 200', async (t) => {
  const { license, order } = await sell(t);
  const { code, id } = await license();
  await cli(t, 'reissue', id);
  t.is((await ask(code)).status, 410);
  const fresh = (await market.find(order)).find((each) => each.state === 'active');
  t.deepEqual((await ask(fresh?.code ?? '')).body, { changed: false, code: fresh?.code });
});

test('a license that ended gets its last code', async (t) => {
  const { license, tell } = await sell(t);
  const { code } = await license();
  await tell('subscription.deactivated', {
    state: 'deactivated',
    nextChargeDate: null,
    deactivationDate: day('2026-12-01'),
  });
  const ended = await license();
  t.is(ended.state, 'ended');
  t.deepEqual((await ask(code)).body, { changed: true, code: ended.code, ended: true });
  t.deepEqual((await ask(ended.code)).body, { changed: false, code: ended.code, ended: true });
});

test('a code that expired long ago still proves the license', async (t) => {
  const { license, renew } = await sell(t);
  const { code } = await license();
  await renew('2031-06-01');
  t.is(market.home.reader('plan', { today: '2031-05-05' }).read(code).verdict, 'expired');
  const { body } = await ask(code);
  t.true(body.changed);
  t.is(market.home.reader('plan', { today: '2031-05-05' }).read(body.code).verdict, 'valid');
});

test('a test code gets the newest code of its test license', async (t) => {
  const { license, renew } = await sell(t, 'plan-monthly', false);
  const { code, mode } = await license();
  t.is(mode, 'test');
  await renew('2027-01-01');
  const { body } = await ask(code);
  t.true(body.changed);
  t.is(market.home.reader('plan', { liveOnly: true }).read(body.code).verdict, 'test-code');
});

/** Mints a code with the keys of the service, without a row in its ledger. */
function mint(order: string, revision: number, mode: 'live' | 'test' = 'live'): string {
  const { keysDir } = market.home.config;
  const minter = createMinter({
    idSecret: readIdSecret(keysDir),
    ...loadSigners(keysDir, { modesNeeded: [] }),
  });
  const entitlement: Entitlement = {
    ...{
      trial: false,
      issued: '2026-11-01',
      lastValid: '2027-02-01',
      updatesUntil: null,
      seats: 1,
      features: 0,
    },
  };
  return minter.mint(
    { marketplace: 'fastspring', mode, order, line: 'plan-monthly', product: 'plan', unit: 0 },
    entitlement,
    revision,
  ).code;
}

test('a genuine code of a license that the ledger does not contain gets 404', async (t) => {
  const { status, body } = await ask(mint('never-sold', 0));
  t.is(status, 404);
  t.is(body.code, 'unknown_license');
});

test('a code newer than a restored ledger is returned unchanged, so that no customer loses a code', async (t) => {
  const { order } = await sell(t);
  const ahead = mint(order, 7);
  t.deepEqual((await ask(ahead)).body, { changed: false, code: ahead });
});

test('a text that is not a genuine code gets 422 with the verdict and the sentence of a reader', async (t) => {
  const { code } = await (await sell(t)).license();
  const change = (letter?: string) => (letter === 'A' ? 'B' : 'A');
  const other = `${code.slice(0, 60)}${change(code[60])}${code.slice(61, 90)}${change(code[90])}${code.slice(91)}`;
  for (const [text, verdict, title] of [
    ['', 'empty', 'paste your license code'],
    ['hello', 'no-code', 'here is no license code: look in your e-mail for a line of 160 letters and digits'],
    [code.slice(0, 50), 'too-short', 'this is 50 of 160 characters: copy the whole line'],
    [
      `${other.slice(0, 9)}u${other.slice(10)}`,
      'bad-character',
      'character 10 does not belong in a license code',
    ],
    ['A'.repeat(200), 'too-long', 'this is 200 characters instead of 160: copy only the line with the code'],
    [other, 'mistyped', 'some characters are wrong: paste it again'],
  ]) {
    const { status, body } = await ask(text ?? '');
    t.is(status, 422, verdict);
    t.like(body, { code: 'not_a_valid_code', verdict, title }, verdict);
  }
});

test('a code with one slip is repaired, and the minted code is returned', async (t) => {
  const { code } = await (await sell(t)).license();
  t.deepEqual((await ask(`${code.slice(0, 60)}u${code.slice(61)}`)).body, { changed: false, code });
});

test('a pasted code is read in text, in JSON and in a whole e-mail', async (t) => {
  const { code } = await (await sell(t)).license();
  const mess = `> ${code.slice(0, 70).toLowerCase()}\n> ${code.slice(70)}\u200b \r\n`;
  t.deepEqual((await ask(mess)).body, { changed: false, code });
  t.deepEqual((await ask({ code: mess }, 'application/json')).body, { changed: false, code });
  t.deepEqual(
    (await ask(`Hello Grace,\n\nyour license (for one computer):\n\n${mess}\nEnjoy!`)).body.code,
    code,
  );
});

test('the body is text or {"code": "…"} in UTF-8, not compressed, and at most 8 KiB', async (t) => {
  const { code } = await (await sell(t)).license();
  for (const [body, type, status, problem] of [
    [code, 'application/x-www-form-urlencoded', 415, 'unsupported_media_type'],
    [code, 'text/html', 415, 'unsupported_media_type'],
    [code, 'text/plain; charset=utf-16', 415, 'unsupported_media_type'],
    [code, 'application/json', 400, 'malformed_request'],
    ['{"code": 1}', 'application/json', 400, 'malformed_request'],
    ['{"code": ["x"]}', 'application/json', 400, 'malformed_request'],
    [`{"code": "${code}", "more": 1}`, 'application/json', 400, 'malformed_request'],
    ['{"__proto__": {"code": "x"}}', 'application/json', 400, 'malformed_request'],
    ['[]', 'application/json', 400, 'malformed_request'],
    ['{"code":', 'application/json', 400, 'malformed_request'],
    ['a'.repeat(8 * 1024 + 1), 'text/plain', 413, 'body_too_large'],
  ] as const) {
    const answer = await ask(body, type);
    t.is(answer.status, status, `${type}: ${body.slice(0, 30)}`);
    t.is(answer.body.code, problem);
    t.notRegex(answer.text, /[0-9A-Z]{100}/);
  }
  const packed = await ask(code).set('Content-Encoding', 'gzip');
  t.is(packed.status, 415);
  // Control: each refusal above has no other cause.
  t.is((await ask(code, 'text/plain; charset=UTF-8')).status, 200);
  t.is((await ask(`{"code": "${code}"}`, 'application/json; charset=utf-8')).status, 200);
  t.is((await ask(`${code}${' '.repeat(8 * 1024 - 160)}`)).status, 200);
});

test('only POST is allowed', async (t) => {
  for (const method of ['get', 'head', 'put', 'delete'] as const) {
    const answer = await request(market.url)[method](PATH);
    t.is(answer.status, 405, method);
    t.is(answer.headers['allow'], 'POST');
  }
});

test('during the commit of a renewal the response is the old or the new code, and afterwards the new code', async (t) => {
  const { license, renew } = await sell(t);
  const { code } = await license();
  const asks = Array.from({ length: 40 }, async (_, i) => {
    await new Promise((resolve) => setTimeout(resolve, i / 2));
    return ask(code);
  });
  const [answers] = await Promise.all([Promise.all(asks), renew('2027-01-01')]);
  const renewed = (await license()).code;
  t.not(renewed, code);
  for (const { status, body } of answers) {
    t.is(status, 200);
    t.is(body.code, body.changed ? renewed : code);
  }
  t.deepEqual((await ask(code)).body, { changed: true, code: renewed });
});

test('no code and no personal data is in a log line or the metrics, and the license id is', async (t) => {
  const { code, id }: LicenseJson = await (await sell(t)).license();
  await ask(code);
  await ask(`${code}x`);
  await ask(`{"code": "${code}"`, 'application/json');
  await ask(code, 'text/html');
  const { text: metrics } = await request(market.url).get('/metrics');
  const log = JSON.stringify(market.home.lines);
  for (const told of [log, metrics]) {
    t.notRegex(told, /canary/i);
    t.false(told.includes(code.slice(0, 40)));
  }
  t.regex(log, new RegExp(`"license":"${id}"`));
  t.regex(metrics, /mintmark_requests_total\{endpoint="\/v1\/licenses\/refresh",outcome="unchanged"\}/);
});
