/** Planted secrets, codes and people: none leaks where it does not belong, whatever fails. */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { readSimulatorKey, simulatorSecret } from '../../src/keyring/simulator-key.ts';
import { Machine, type MachineProcess } from '../kit/machine.ts';
import { overhear } from './canaries/endpoint.ts';
import { indiscretions } from './canaries/indiscretions.ts';
import { type Kind, PlantedValues, type Said } from './canaries/planted.ts';
import { relayMails } from './canaries/relay.ts';
import { ledgerOf } from './kit/check.ts';
import { type Weakness, weakened } from './kit/weakening.ts';
import type { Outcome, Proof, Tools } from './proof.ts';

export const LOGS_BODIES: Weakness = {
  file: 'src/http/webhook.ts',
  changes: [
    [
      'const receipts = await ingestSigned',
      'service.log.info({ received: body.toString() });\n      const receipts = await ingestSigned',
    ],
  ],
};
export const LOGS_CAUSES: Weakness = {
  file: 'src/marketplaces/loose.ts',
  changes: [
    [
      "} catch {\n    throw new AppError('malformed_request', 'The body is not JSON.');",
      "} catch (cause) {\n    throw new AppError('malformed_request', 'The body is not JSON.', { cause });",
    ],
  ],
};
export const TELLS_CODES: Weakness = {
  file: 'src/domain/announcements/announce.ts',
  changes: [['license: licenseIdText(id),', 'license: licenseIdText(id), code: license.code,']],
};
/** What relays and receivers answer is kept as it came, but for its length. */
export const KEEPS_ANSWERS: Weakness = {
  file: 'src/outbox/clean-answer.ts',
  changes: [["    .replaceAll(ADDRESS, '(address)')\n    .replaceAll(LONG_WORD, '(long word)')\n", '']],
};
/** Ends the process by an uncaught error during a sale. */
export const BREAKS_DOWN: Weakness = {
  file: 'src/http/fulfillment.ts',
  changes: [
    [
      'logOrder(context, order);\n',
      'logOrder(context, order);\n    setImmediate(() => marketplace.readRequest(new Map(), product, caller, 0));\n',
    ],
  ],
};

export const canaries: Proof = {
  title:
    'planted secrets, codes and people: none in logs, errors, metrics, lists, crash reports, the outbox, webhooks, mails to the seller, `events list`, `ledger check`',
  unit: 'texts',
  quick: 1,
  full: 1,
  run: (_, tools) => plantAndListen(tools),
  controls: [
    { title: 'bodies are logged', run: (tools) => plantAndListen(tools, LOGS_BODIES) },
    { title: 'webhooks have the code', run: (tools) => plantAndListen(tools, TELLS_CODES) },
    {
      title: 'the answers of relays are kept as they came',
      run: (tools) => plantAndListen(tools, KEEPS_ANSWERS),
    },
    {
      title: 'the words of a parser about a body are logged',
      run: (tools) => plantAndListen(tools, LOGS_CAUSES),
    },
  ],
};

async function plantAndListen(tools: Tools, weakness?: Weakness): Promise<Outcome> {
  const mark = () =>
    `k${Math.floor(tools.random() * 2 ** 48)
      .toString(36)
      .padStart(10, '0')}`;
  const paddle = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const secrets = {
    FASTSPRING_LICENSE_KEYS: `license-key-${mark()},license-key-before-${mark()}`,
    FASTSPRING_WEBHOOK_SECRETS: `webhook-secret-${mark()},webhook-secret-before-${mark()}`,
    GUMROAD_PING_SECRETS: `address-of-pings-${mark()},address-before-${mark()}`,
    KEY_PASSPHRASE: `pass phrase/${mark()}+ö`,
  };
  const planted = new PlantedValues();
  for (const [name, values] of Object.entries(secrets))
    for (const value of values.split(',')) planted.plant('secret', name, value);
  const machine = new Machine(tools, {
    ...secrets,
    LOG_LEVEL: 'trace',
    TRUST_PROXY: 'on',
    SIMULATOR: 'on',
    PADDLE_CLASSIC_PUBLIC_KEY: paddle.publicKey.export({ format: 'pem', type: 'spki' }).toString(),
  });
  const said: Said[] = [];
  const listen = (where: string, ran: MachineProcess, may: readonly Kind[] = []) =>
    said.push(
      { where: `${where} (output)`, text: ran.out, may },
      { where: `${where} (errors)`, text: ran.err, may },
    );

  const endpoints = await overhear(machine, planted, mark, tools);
  const relay = await relayMails(machine, planted, mark, tools);
  listen('keys new', await machine.cli('keys', 'new', '--mode', 'live'));
  const service = await machine.start(weakness === undefined ? {} : weakened(weakness));
  plantKeys(machine, secrets.KEY_PASSPHRASE, planted, paddle.privateKey);
  const calls = await indiscretions(service, {
    mark,
    planted,
    paddle: paddle.privateKey,
    licenseKey: secrets.FASTSPRING_LICENSE_KEYS.split(',')[0] ?? '',
    webhookSecret: secrets.FASTSPRING_WEBHOOK_SECRETS.split(',')[0] ?? '',
    addressSecret: secrets.GUMROAD_PING_SECRETS.split(',')[0] ?? '',
    // A control needs no lock, for which the service waits five seconds.
    ledger: weakness === undefined ? ledgerOf(machine) : undefined,
  });
  said.push(...calls);
  await endpoints.told();
  await relay.failed();
  service.ran.child.kill('SIGTERM');
  await service.ran.ended;
  listen('service', service.ran);
  plantCodes(machine, planted);
  said.push(...endpoints.said());

  if (weakness === undefined) {
    await runCommands(machine, listen);
    const broken = await machine.start(weakened(BREAKS_DOWN));
    // At its start it tells the seller what needs somebody.
    said.push(...(await relay.toSeller()));
    await broken.order('crash').catch(() => undefined);
    const status = await broken.ran.ended;
    if (status !== 1 || !broken.ran.err.includes('p_order_id is missing'))
      throw new Error(`no crash: ${status}`);
    listen('crash', broken.ran);
    await startWrongly(machine, paddle.privateKey, planted, mark, listen);
  }
  tools.note(`${planted.count} values planted, ${calls.length} calls`);
  return { done: said.length, violations: said.flatMap((text) => planted.findIn(text)) };
}

/** Plants the contents of the keys folder, encrypted and decrypted. */
function plantKeys(machine: Machine, passphrase: string, planted: PlantedValues, paddle: KeyObject): void {
  const keys = machine.path('keys');
  const secret = readFileSync(machine.path('keys', 'id-secret'), 'utf8').trim();
  planted.plant('secret', 'the id secret', secret);
  planted.plant('secret', 'the id secret in bytes', Buffer.from(secret, 'hex'));
  planted.plant('secret', "the simulator's secret", simulatorSecret(keys));
  plantRsa("the simulator's key", readSimulatorKey(keys), planted);
  plantRsa("Paddle's private key", paddle, planted);
  for (const id of [1, 2, 3]) {
    const file = machine.path('keys', `signing-key-${id}.pem`);
    if (!existsSync(file)) continue;
    const pem = readFileSync(file, 'utf8');
    planted.plant('secret', `signing key ${id}, encrypted`, pem.split('\n').slice(1, -2).join(''));
    const { d = '' } = createPrivateKey({ key: pem, passphrase }).export({ format: 'jwk' });
    planted.plant('secret', `signing key ${id}`, Buffer.from(d, 'base64url'));
  }
}

function plantRsa(name: string, key: KeyObject, planted: PlantedValues): void {
  const pem = key.export({ format: 'pem', type: 'pkcs8' }).toString();
  // Not the head: all keys of a size share their first bytes.
  planted.plant('secret', name, pem.split('\n').slice(8, -2).join(''));
}

function plantCodes(machine: Machine, planted: PlantedValues): void {
  const ledger = new Database(ledgerOf(machine), { readonly: true });
  try {
    const codes = ledger
      .prepare<[], string>('SELECT first_code FROM license UNION ALL SELECT text FROM code')
      .pluck()
      .all();
    if (codes.length === 0) throw new Error('no code was ever minted');
    for (const [place, code] of codes.entries()) planted.plant('code', `code ${place}`, code);
  } finally {
    ledger.close();
  }
}

type Listen = (where: string, ran: MachineProcess, may?: readonly Kind[]) => void;

/** Commands whose output others see, or that fail. Commands that find licenses can print a code. */
async function runCommands(machine: Machine, listen: Listen): Promise<void> {
  const commands: readonly (readonly [readonly string[], readonly Kind[]])[] = [
    [['events', 'list'], []],
    [['events', 'list', '--json'], []],
    [['events', 'list', '--failed'], []],
    [['events', 'show', 'failing'], []],
    [['events', 'replay', 'failing'], []],
    [['ledger', 'check'], []],
    [['ledger', 'check', '--json'], []],
    // Everything of a license but the customer.
    [['ledger', 'find', 'P1', '--json'], ['code']],
    [['ledger', 'find', 'nothing'], []],
    [['issue', 'example', '--order', 'with space'], []],
    [['revocations', 'export', '--product', 'example', '--out', machine.path('list.jwt')], []],
    [['flags', 'list'], []],
    [['outbox', 'list'], []],
    [['outbox', 'list', '--json'], []],
    [['webhooks', 'list', '--json'], []],
    [['webhooks', 'test', 'live'], []],
    [['doctor'], []],
    [['keys', 'list'], []],
    [['keys', 'activate', '99'], []],
    [['license', 'show', 'nothing'], []],
    [['read', 'nothing', '--product', 'example'], []],
  ];
  for (const [words, may] of commands) listen(words.join(' '), await machine.cli(...words), may);
}

/** Starts that fail because of a setting, each with a secret in the wrong place. */
async function startWrongly(
  machine: Machine,
  paddle: KeyObject,
  planted: PlantedValues,
  mark: () => string,
  listen: Listen,
): Promise<void> {
  const plant = (name: string, text: string) => {
    planted.plant('secret', name, text.trim());
    return text;
  };
  const start = async (where: string, env: Readonly<Record<string, string>>) => {
    const ran = machine.spawn('src/main.ts', [], { env });
    const status = await ran.ended;
    if (status !== 1) throw new Error(`${where}: started all the same, ${status}`);
    listen(`start with ${where}`, ran);
  };
  await start('faulty settings', {
    FASTSPRING_LICENSE_KEYS: plant('a key in white space', ` spaced-${mark()} `),
    FASTSPRING_WEBHOOK_SECRETS: plant('a short secret', mark().slice(0, 10)),
    KEY_PASSPHRASE: plant('a passphrase in white space', `spaced-${mark()}\t`),
    PADDLE_CLASSIC_PUBLIC_KEY: paddle.export({ format: 'pem', type: 'pkcs8' }).toString(),
    PADDLE_CLASSIC_SANDBOX_PUBLIC_KEY: plant('a key that is none', `MIIB${mark()}${mark()}`),
    LOG_LEVEL: plant('a secret as level', `level-${mark()}`),
    RETAIN_EVENTS: plant('a secret as time', `time-${mark()}`),
    TRUST_PROXY: plant('a secret as switch', `switch-${mark()}`),
    PORT: plant('a secret as port', `port-${mark()}`),
  });
  await start('another passphrase', { KEY_PASSPHRASE: plant('another passphrase', `another-${mark()}`) });
  for (const name of ['id-secret', 'simulator.pem', 'signing-key-1.pem', 'keyring.json']) {
    const file = machine.path('keys', name);
    const before = readFileSync(file);
    writeFileSync(file, plant(`what stands in ${name}`, `damaged-${mark()}-${mark()}`));
    await start(`a damaged ${name}`, {});
    writeFileSync(file, before);
  }
}
