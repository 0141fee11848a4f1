import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import Database from 'better-sqlite3';
import { entitlementOf } from '../../src/keyring/minter.ts';
import { stepsOf } from '../../src/marketplaces/fastspring/stories.ts';
import { STORIES } from '../../src/marketplaces/fastspring/story-names.ts';
import { readConfig } from '../../src/service/config.ts';
import { cliOf } from '../kit/cli.ts';
import { Machine, RunningService } from '../kit/machine.ts';

const CODE = /^[0-9A-HJKMNP-TV-Z]{160}$/gm;

/** The codes of an order that must be answered with 200. */
async function codesOf(
  t: ExecutionContext,
  service: RunningService,
  ...order: Parameters<RunningService['order']>
): Promise<string[]> {
  const { status, text } = await service.order(...order);
  t.is(status, 200, text);
  return text.match(CODE) ?? [];
}

function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((entry) => ({ entry, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ entry }) => entry);
}

/**
 * What a ledger holds of its licenses, apart from ids and revisions: the secret and the way there differ. A unit that a
 * subscription's charge told of before its order is the subscription's, else the order's: so they count together.
 */
/**
 * All but the units that a charge brought about before its order was told: the order's own stand in their place, and
 * nobody was handed their codes.
 */
function licensesOf(machine: Machine): readonly string[] {
  const ledger = new Database(machine.path('data', 'ledger.sqlite'), { readonly: true });
  const rows = ledger
    .prepare<[], { sale: string; product: string; state: string; text: string }>(
      `SELECT coalesce(subscription, order_id) AS sale, product, state, coalesce(text, first_code) AS text
       FROM license LEFT JOIN code ON code.license = license.number AND code.revision = license.revision
       WHERE NOT (order_id LIKE 'subscription:%' AND state = 'revoked' AND handed IS NULL)`,
    )
    .all();
  ledger.close();
  return rows.map(({ text, ...row }) => JSON.stringify({ ...row, ...entitlementOf(text) })).sort();
}

/** A product that is sold unit by unit, beside the example. */
function withSeparate(machine: Machine): void {
  const folder = machine.path('products');
  machine.env['PRODUCTS_DIR'] = folder;
  writeProduct(folder, 'single', 'single');
  writeProduct(folder, 'separate', 'separate');
}

function writeProduct(folder: string, id: string, multibuy: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, `${id}.md`),
    `---\nname: App\nmarketplaces: { paddle-classic: {} }\nterm: P1Y\nmultibuy: ${multibuy}\n---\nThank you.\n\n{% for code in codes %}\n\`\`\`\n{{ code }}\n\`\`\`\n{% endfor %}\n`,
  );
}

/** Runs the command in this process: a process of its own takes a third of a second to start. */
async function ledgerIsClean(t: ExecutionContext, machine: Machine, licenses?: number): Promise<void> {
  const cli = cliOf({ config: readConfig(machine.env, () => ''), clock: { now: Date.now() } });
  const { status, out, err } = await cli(['ledger', 'check', '--json']);
  t.is(status, 0, out + err);
  const said = JSON.parse(out);
  t.deepEqual(said.findings, []);
  if (licenses !== undefined) t.is(said.licenses, licenses);
}

test.serial(
  'without settings the service runs, and prints its address, what it made and what is missing',
  async (t) => {
    const machine = new Machine(t);
    delete machine.env['LOG_LEVEL'];
    const { ran, url } = await machine.start();
    const banner = () => ran.out;
    await ran.said(/(simulate paddle-classic example)/);
    t.regex(url, /^http:\/\/127\.0\.0\.1:\d+$/);
    for (const part of [
      `Example App: ${url}/fulfillment/paddle-classic/example`,
      'Test orders only. To go live:',
      'PADDLE_CLASSIC_PUBLIC_KEY',
      'keys new --mode live',
      'npm run -s mintmark -- simulate paddle-classic example --quantity 3',
      'made a test signing key (key 1)',
    ]) {
      t.true(banner().includes(part), part);
    }
    t.is((await fetch(`${url}/health/ready`)).status, 200);
  },
);

test.serial('a start names the addresses that marketplaces call, and no step that is done', async (t) => {
  const machine = new Machine(t, { PUBLIC_URL: 'https://licenses.example.com' });
  const cli = cliOf({ config: readConfig(machine.env, () => ''), clock: { now: Date.now() } });
  t.is((await cli(['keys', 'new', '--mode', 'live'])).status, 0);
  const { ran } = await machine.start();
  await ran.said(/(simulate paddle-classic example)/);
  t.true(ran.out.includes('Example App: https://licenses.example.com/fulfillment/paddle-classic/example\n'));
  t.true(ran.out.includes('webhooks: https://licenses.example.com/webhooks/stripe\n'));
  t.regex(ran.out, /Test orders only\. To go live:\n {2}- set PADDLE_CLASSIC_PUBLIC_KEY/);
});

test.serial('a start prints problems with the sales so far, with their remedies', async (t) => {
  const machine = new Machine(t);
  const first = await machine.start();
  // The sales so far are examined a quarter of a second after the start.
  await wait(1000);
  t.notRegex(first.ran.out, /^Fault: /m, 'the control: at its start there was nothing');
  const data = { id: 'id-1', reference: 'R-1', live: false, items: [{ product: 'example', quantity: 1 }] };
  const untimed = { id: 'no-time', type: 'order.completed', live: false, created: 'soon', data };
  t.is(await first.tell([untimed]), 503);
  first.ran.child.kill('SIGTERM');
  await first.ran.ended;
  const { ran } = await machine.start();
  const line = await ran.said(/^(Fault: .*)$/m);
  t.regex(line, /1 event could not be applied, the newest order\.completed: .* events replay ID/);
});

test.serial(
  'with a marketplace set, the start says that the simulator is off, and what FastSpring lacks',
  async (t) => {
    const machine = new Machine(t);
    t.is(await (await machine.cli('keys', 'new', '--mode', 'live')).ended, 0);
    machine.env['FASTSPRING_LICENSE_KEYS'] = 'a private key of this test';
    const { ran } = await machine.start();
    await ran.said(/(FASTSPRING_WEBHOOK_SECRETS is not set)/);
    t.regex(ran.out, /^Live orders\. The simulator is off: /m);
    t.notRegex(ran.out, /Test orders only|simulate /);
  },
);

test.serial(
  'a first start makes a test key and no live one, files for the owner only, and a second start makes nothing',
  async (t) => {
    const machine = new Machine(t);
    const first = await machine.start();
    await first.ran.kill();
    const keyring = await machine.cli('keys', 'list', '--json');
    t.regex(keyring.out, /"mode":"test"/);
    t.notRegex(keyring.out, /"mode":"live"/);
    const modeOf = (...names: string[]) => statSync(machine.path(...names)).mode & 0o777;
    t.is(modeOf('keys'), 0o700);
    t.is(modeOf('data'), 0o700);
    for (const name of ['id-secret', 'signing-key-1.pem', 'simulator.pem'])
      t.is(modeOf('keys', name), 0o600, name);
    t.is(modeOf('data', 'ledger.sqlite'), 0o600);
    const files = readdirSync(machine.path('keys'));
    const second = await machine.start();
    t.notRegex(second.ran.out, /made /);
    t.deepEqual(readdirSync(machine.path('keys')), files);
  },
);

test.serial(
  'the command that the start prints sends an order, and prints the mail with its codes',
  async (t) => {
    const machine = new Machine(t);
    const { url } = await machine.start();
    const words = ['simulate', 'paddle-classic', 'example', '--quantity', '3', '--url', url, '--order', '77'];
    const ran = await machine.cli(...words);
    t.is(await ran.ended, 0, ran.err);
    t.is(ran.out.match(CODE)?.length, 3);
    t.is((await machine.cli(...words)).out, ran.out);
    await ledgerIsClean(t, machine, 3);
  },
);

test.serial('an order, a repeat, kill -9, a restart and a repeat give the same bytes', async (t) => {
  const machine = new Machine(t);
  const service = await machine.start();
  const first = await service.order('573252', 3);
  t.is(first.status, 200);
  t.is(first.text.match(CODE)?.length, 3);
  t.deepEqual(await service.order('573252', 3), first);
  await service.ran.kill();
  const again = await machine.start();
  t.deepEqual(await again.order('573252', 3), first);
  t.is((await again.order('573252', 2)).status, 409);
  // The control: another order gets other codes.
  t.not((await again.order('573253', 3)).text, first.text);
  await ledgerIsClean(t, machine, 6);
});

test.serial(
  'whenever the process is killed in a burst of orders, each answered order stays unchanged',
  async (t) => {
    const machine = new Machine(t, { LOG_LEVEL: 'silent' });
    const answered = new Map<string, string>();
    const asked = new Set<string>();
    let cut = 0;
    for (let cycle = 0; cycle < 4; cycle++) {
      const service = await machine.start();
      // Answered and unanswered requests from before the last crash.
      const hold = async (order: string) => {
        const { status, text } = await service.order(order);
        t.is(status, 200);
        t.is(text, answered.get(order) ?? text, `order ${order} changed`);
        answered.set(order, text);
      };
      await Promise.all([...asked].slice(-40).map(hold));
      const burst = Array.from({ length: 40 }, async (_, i) => {
        const order = `${cycle}-${i}`;
        asked.add(order);
        try {
          const { status, text } = await service.order(order);
          if (status === 200) answered.set(order, text);
        } catch {
          cut += 1;
        }
      });
      const timer = setTimeout(() => service.ran.kill(), 5 + cycle * 12 + Math.random() * 20);
      await Promise.all(burst);
      clearTimeout(timer);
      await service.ran.kill();
    }
    t.true(cut > 0, 'no request was cut off: the test proves nothing');
    const last = await machine.start();
    const again = await Promise.all([...answered.keys()].map((order) => last.order(order)));
    t.deepEqual(
      again.map(({ text }) => text),
      [...answered.values()],
    );
    await last.ran.kill();
    await ledgerIsClean(t, machine);
  },
);

test.serial(
  'whenever the process is killed among events, their licenses end as if it had not been',
  async (t) => {
    const begun = Date.UTC(2026, 10, 21, 10);
    const events = STORIES.flatMap((story, place) => {
      const cast = { quantity: 2, period: 30, run: `${place}`, now: begun } as const;
      const steps = stepsOf(story, { ...cast, paths: ['example'], products: ['example'] });
      return steps.flatMap((step) => ('events' in step ? step.events : []));
    });
    const inOrder = new Machine(t);
    const quiet = await inOrder.start();
    for (const event of events) t.is(await quiet.tell([event]), 200);
    await quiet.ran.kill();

    const machine = new Machine(t);
    let cut = 0;
    for (let cycle = 0; cycle < 3; cycle++) {
      const service = await machine.start();
      const timer = setTimeout(() => service.ran.kill(), 2 + Math.random() * 15);
      const batches = Array.from({ length: 30 }, () => shuffled(events).slice(0, 4));
      await Promise.all(
        batches.map((batch) =>
          service.tell(batch).catch(() => {
            cut += 1;
          }),
        ),
      );
      clearTimeout(timer);
      await service.ran.kill();
    }
    t.true(cut > 0, 'no delivery was cut off: the test proves nothing');
    // What was not acknowledged comes again, and so may the rest.
    const last = await machine.start();
    for (const event of shuffled(events)) t.is(await last.tell([event]), 200);
    await last.ran.kill();
    const states = licensesOf(machine);
    t.true(states.length >= STORIES.length);
    t.deepEqual(states, licensesOf(inOrder));
    await ledgerIsClean(t, machine);
  },
);

test.serial('of 60 parallel requests for a new order each gets the same license', async (t) => {
  const machine = new Machine(t);
  const service = await machine.start();
  const all = await Promise.all(Array.from({ length: 60 }, () => service.order('60')));
  t.true(all.every(({ status }) => status === 200));
  t.is(new Set(all.map(({ text }) => text)).size, 1);
  await ledgerIsClean(t, machine, 1);
});

test.serial(
  'a second service on a ledger waits, and serves the same licenses once the first has gone',
  async (t) => {
    const machine = new Machine(t);
    const first = await machine.start();
    const { text } = await first.order('1', 2);
    const ran = machine.spawn('src/main.ts');
    await ran.said(/"msg":"(another service runs on this ledger)/);
    t.is((await first.order('2')).status, 200, 'the first one serves meanwhile');
    t.is((await machine.cli('ledger', 'find', '1')).err, '', 'commands run beside it');
    await first.ran.kill();
    const url = await ran.said(/^Mintmark listens on (http:\/\/\S+)$/m);
    const second = new RunningService(ran, url, machine.env['KEYS_DIR'] ?? '');
    t.deepEqual(await second.order('1', 2), { status: 200, text });
    await ledgerIsClean(t, machine, 3);
  },
);

test.serial('single multibuy gives all units to a request, separate multibuy one to each', async (t) => {
  const machine = new Machine(t);
  withSeparate(machine);
  const service = await machine.start();
  t.is((await codesOf(t, service, '1', 3, 'single')).length, 3);
  const codes: string[] = [];
  for (let unit = 0; unit < 4; unit++) {
    const got = await codesOf(t, service, '2', 1, 'separate');
    t.is(got.length, 1);
    codes.push(...got);
  }
  t.is(new Set(codes).size, 4);
  const parallel = await Promise.all(
    Array.from({ length: 6 }, () => codesOf(t, service, '3', 6, 'separate')),
  );
  t.is(new Set(parallel.flat()).size, 6);
  // All are out: one more is a repeat.
  const [repeat] = await codesOf(t, service, '3', 6, 'separate');
  t.true(parallel.flat().includes(repeat!));
  await ledgerIsClean(t, machine, 13);
});

test.serial('SIGTERM lets an open request finish, and ends the process with status 0 at once', async (t) => {
  const machine = new Machine(t);
  const service = await machine.start();
  await service.order('warm-up');
  const body = service.form('under-way');
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  const closed = once(socket, 'close');
  socket.write(
    `POST /fulfillment/paddle-classic/example HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`,
  );
  await once(socket, 'data');
  service.ran.child.kill('SIGTERM');
  await refusesConnections(service.url);
  const start = performance.now();
  socket.write(body);
  t.is(await service.ran.ended, 0, service.ran.err);
  t.true(performance.now() - start < 3000, 'a connection kept alive held the stop up');
  await closed;
  t.regex(answer, /HTTP\/1\.1 200 OK/);
  t.is(answer.replaceAll('\r', '').match(CODE)?.length, 1);
  t.regex(service.ran.out, /"msg":"stopped"/);
  await ledgerIsClean(t, machine, 2);
});

test('SIGTERM ends the process despite a request that never ends: it is cut after 9 seconds', async (t) => {
  const machine = new Machine(t);
  const service = await machine.start();
  const head = 'POST /fulfillment/paddle-classic/example HTTP/1.1\r\nHost: x\r\n';
  const form = 'Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\nemail=';
  for (const begun of [head, head + form]) {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    t.teardown(() => socket.destroy());
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write(begun);
  }
  // An answer shows that what was sent before has been read.
  t.is((await service.order('one')).status, 200);
  const start = performance.now();
  service.ran.child.kill('SIGTERM');
  t.is(await service.ran.ended, 0, service.ran.err);
  const seconds = (performance.now() - start) / 1000;
  // What follows the cut takes a busy machine its time.
  t.true(seconds < 20);
  t.true(seconds > 5, 'nothing held the stop up: the test proves nothing');
});

const set = (env: Record<string, string>) => (machine: Machine) => void Object.assign(machine.env, env);

const REFUSALS: readonly (readonly [string, RegExp, (machine: Machine) => void | Promise<void>])[] = [
  ['a port that is none', /^PORT: /m, set({ PORT: '99999' })],
  ['a host that is not this machine', /HOST/, set({ HOST: '192.0.2.1' })],
  [
    'a setting that is misspelled',
    /^FASTSPRING_LICENSE_KEY: .*FASTSPRING_LICENSE_KEYS\?$/m,
    set({ FASTSPRING_LICENSE_KEY: 'a private key of this test' }),
  ],
  ['products that are missing', /PRODUCTS_DIR/, set({ PRODUCTS_DIR: 'none' })],
  [
    'a key that others can read',
    /signing-key-1\.pem is open to others.*chmod 600/,
    async (machine) => {
      await (await machine.start()).ran.kill();
      chmodSync(machine.path('keys', 'signing-key-1.pem'), 0o644);
    },
  ],
  [
    'a ledger of a newer Mintmark',
    /ledger\.sqlite was written by a newer Mintmark/,
    async (machine) => {
      await (await machine.start()).ran.kill();
      const ledger = new Database(machine.path('data', 'ledger.sqlite'));
      ledger.pragma('user_version = 999');
      ledger.exec('UPDATE schema_version SET readable_from = 999');
      ledger.close();
    },
  ],
];

for (const [what, message, prepare] of REFUSALS) {
  test(`the service does not start with ${what}, and says which setting or file it is`, async (t) => {
    const machine = new Machine(t);
    await prepare(machine);
    const ran = machine.spawn('src/main.ts');
    t.is(await ran.ended, 1);
    t.regex(ran.err, message);
    t.notRegex(ran.err, /A fault in Mintmark itself|\n {4}at /);
    t.notRegex(ran.out, /listens/);
  });
}

test('the service does not start on a port in use, and names the setting', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  t.teardown(() => server.close());
  await once(server, 'listening');
  const machine = new Machine(t, { PORT: String((server.address() as AddressInfo).port) });
  const ran = machine.spawn('src/main.ts');
  t.is(await ran.ended, 1);
  t.regex(ran.err, /address 127\.0\.0\.1:\d+ is in use.*PORT/);
});

/** Until the service no longer listens. */
async function refusesConnections(url: string): Promise<void> {
  for (;;) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const [event] = await Promise.race([
      once(socket, 'connect').then(() => ['connect']),
      new Promise<string[]>((resolve) => socket.once('error', () => resolve(['error']))),
    ]);
    socket.destroy();
    if (event === 'error') return;
  }
}
