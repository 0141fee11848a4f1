/**
 * Sells to buyers with hostile names, addresses and order numbers, and reads their mails from a real mailbox: `mailed.ts
 * MOST SEED [ONLY]`, where MOST limits the number of sales, and ONLY is a pattern for the texts. Prints what was added to a
 * mail, as JSON.
 */
import { issueSale } from '../../../src/domain/desk/sale.ts';
import { isAddress } from '../../../src/domain/values/address.ts';
import type { Customer } from '../../../src/domain/values/order.ts';
import { makeMissing } from '../../../src/keyring/bootstrap.ts';
import { createLog } from '../../../src/log.ts';
import { createMailChannel } from '../../../src/outbox/mail/mail-channel.ts';
import { Relay } from '../../../src/outbox/mail/relay.ts';
import { OutboxWorker } from '../../../src/outbox/worker.ts';
import { openParts } from '../../../src/service/open.ts';
import { seededNumbers } from '../../../verifiers/random.ts';
import { openMailbox, type Received } from '../../kit/mailbox.ts';
import { makeHome } from '../../kit/service.ts';
import { hostileTexts } from '../injection/hostile-texts.ts';
import { shuffled } from '../proof.ts';
import type { MailedReport } from './report.ts';

const [most, seed, only = ''] = process.argv.slice(2);
const EVE: Customer = { name: 'Eve', email: 'eve@example.com' };
const TEXT = `---
name: Lumen
term: P1Y
mail: { subject: "For {{ customer.name }}, {{ customer.email }}, {{ order.id }}" }
---
Hello {{ customer.name }} at {{ customer.email }}, order {{ order.id }}:

{% for code in codes %}
\`\`\`
{{ code }}
\`\`\`
{% endfor %}
`;
/** Control characters, line ends, and what turns the direction of a text. */
const NO_LINE = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

const teardowns: (() => void | Promise<void>)[] = [];
const owner = { teardown: (act: () => void | Promise<void>) => void teardowns.push(act) };
const mailbox = await openMailbox(owner);
const home = makeHome(owner, {
  products: { lumen: TEXT },
  env: { SMTP_URL: `smtp://127.0.0.1:${mailbox.port}`, MAIL_FROM: 'Lumen <licenses@example.com>' },
});
const { config, clock } = home;
const now = () => clock.now;
const keys = { today: '2026-11-21', passphrase: undefined, simulator: false, ledgerExists: false };
await makeMissing(config.keysDir, keys);
const parts = await openParts(config, { modesNeeded: [], now });
const { ledger, catalog } = parts;
const product = catalog.get('lumen');
if (config.mail === undefined || product === undefined) throw new Error('nothing to mail');
const relay = new Relay(config.mail, { patience: 20_000 });
const seller = { address: undefined, url: undefined };
const channels = [createMailChannel({ ...parts, relay, seller, now })];
const worker = new OutboxWorker({ ledger, channels, log: createLog('silent'), now, random: Math.random });

const violations: string[] = [];
let refused = 0;
let sent = 0;

/** Sells and sends; undefined: no mail came. */
async function mailTo(customer: Customer, order: string): Promise<readonly Received[]> {
  const sale = { mode: 'live', order, quantity: 1, customer } as const;
  await issueSale({ ledger }, { ...sale, product: product! }, now());
  const before = mailbox.mails.length;
  await worker.runOnce();
  // The relay took it; the parser may need a moment more.
  await new Promise((resolve) => setImmediate(resolve));
  return mailbox.mails.slice(before);
}

/** What no buyer's text may change. */
function shapeOf({ to, email }: Received): string {
  const headers = email.headers.map(({ key }) => key).sort();
  const tags = (email.html ?? '').match(/<[^>]*>/g) ?? [];
  const blocks = (email.html ?? '').match(/<pre><code>[0-9A-Z]{160}\s*<\/code><\/pre>/g) ?? [];
  const counts = [to.length, email.to?.length, email.cc?.length, email.bcc?.length, email.attachments.length];
  return JSON.stringify([headers, counts, email.from, email.replyTo, blocks.length, tags]);
}

const [model] = await mailTo(EVE, 'model');
if (model === undefined) throw new Error('no mail came');
const shape = shapeOf(model);

async function check(field: string, text: string, customer: Customer, order: string): Promise<void> {
  const fault = (what: string) => violations.push(`${field}, ${JSON.stringify(text)}: ${what}`);
  const mails = await mailTo(customer, order);
  // As the ledger holds it.
  const address = customer.email?.trim().toWellFormed() ?? '';
  if (address !== '' && !isAddress(address)) {
    refused += 1;
    if (mails.length > 0) fault(`a mail went to ${mails.map(({ to }) => to.join()).join()}`);
    return;
  }
  const [mail, ...others] = mails;
  if (mail === undefined) return void (address !== '' && fault('no mail came'));
  sent += 1;
  if (others.length > 0) fault(`${mails.length} mails`);
  // A local part with a dot at an end is written in quotes: the same address.
  if (mail.to.join().replaceAll('"', '').toLowerCase() !== address.toLowerCase())
    fault(`it went to ${mail.to.join()}`);
  if (shapeOf(mail) !== shape) fault(`another mail: ${shapeOf(mail)}`);
  for (const said of [mail.email.subject, mail.email.to?.[0]?.name])
    if (NO_LINE.test(said ?? '')) fault(`not one line: ${JSON.stringify(said)}`);
  if ((mail.email.subject ?? '').length > 200) fault('a subject beyond 200 characters');
}

const pattern = new RegExp(only, 'u');
const texts = shuffled(hostileTexts(), { random: seededNumbers(Number(seed)) })
  .map(({ text }) => text)
  .filter((text) => pattern.test(text));
for (const [place, text] of texts.slice(0, Math.ceil(Number(most) / 4)).entries()) {
  await check('name', text, { ...EVE, name: text }, `name-${place}`);
  await check('address', text, { ...EVE, email: text }, `address-${place}`);
  await check('address at a host', text, { ...EVE, email: `${text}@example.com` }, `host-${place}`);
  const order = `${place}${text.replace(/\p{Cc}/gu, '').slice(0, 80)}`;
  await check('order', text, EVE, order);
}
process.stdout.write(JSON.stringify({ sent, refused, violations } satisfies MailedReport));
await ledger.close();
await relay.close();
for (const act of teardowns.reverse()) await act();
