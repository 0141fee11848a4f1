/**
 * Four days of a pushed clock with one sale and a relay that fails in one way, for each of these: `pushed-relay.ts SEED
 * BEHAVIOR...`. Prints as JSON what the ledger holds of the mail afterwards, and whether it was sent once the relay worked again.
 */
import { issueSale } from '../../../src/domain/desk/sale.ts';
import { makeMissing } from '../../../src/keyring/bootstrap.ts';
import { createLog } from '../../../src/log.ts';
import { createMailChannel } from '../../../src/outbox/mail/mail-channel.ts';
import { Relay } from '../../../src/outbox/mail/relay.ts';
import { announceNeeds } from '../../../src/outbox/mail/seller-news.ts';
import { OutboxWorker } from '../../../src/outbox/worker.ts';
import { openParts } from '../../../src/service/open.ts';
import { seededNumbers } from '../../../verifiers/random.ts';
import { NOW } from '../../kit/sale.ts';
import { makeHome, type Owner } from '../../kit/service.ts';
import { startRelay } from './relay-servers.ts';
import { RELAY_BEHAVIORS, type RelayBehavior, type RelayReport } from './report.ts';

const DAYS = 4;
/** Milliseconds of real time for a relay that does not answer. */
const PATIENCE = 2_000;
const TEXT = `---
name: Lumen
term: P1Y
---
{% for code in codes %}
\`\`\`
{{ code }}
\`\`\`
{% endfor %}
`;

const [seed, ...behaviors] = process.argv.slice(2);
const random = seededNumbers(Number(seed));

async function push(behavior: RelayBehavior, owner: Owner): Promise<RelayReport> {
  const server = await startRelay(owner, behavior, PATIENCE);
  const login = behavior === 'refuses the log-in' ? 'user:a-long-password@' : '';
  const env = {
    SMTP_URL: `smtp://${login}127.0.0.1:${server.port}`,
    MAIL_FROM: 'Lumen <licenses@example.com>',
  };
  const home = makeHome(owner, { products: { lumen: TEXT }, env });
  const { config, clock } = home;
  const now = () => clock.now;
  const keys = { today: '2026-11-21', passphrase: undefined, simulator: false, ledgerExists: false };
  await makeMissing(config.keysDir, keys);
  const parts = await openParts(config, { modesNeeded: [], now });
  owner.teardown(() => parts.ledger.close());
  const { ledger, catalog } = parts;
  const product = catalog.get('lumen');
  if (config.mail === undefined || product === undefined) throw new Error('nothing to mail');
  const relay = new Relay(config.mail, { patience: PATIENCE });
  owner.teardown(() => relay.close());
  const seller = { address: undefined, url: undefined };
  const channels = [createMailChannel({ ...parts, relay, seller, now })];
  const worker = new OutboxWorker({ ledger, channels, log: createLog('silent'), now, random });
  const customer = { name: 'Ada', email: 'ada@example.com' };
  await issueSale({ ledger }, { product, mode: 'live', order: 'A', quantity: 1, customer }, now());
  const pushTo = async (end: number) => {
    for (;;) {
      const due = await ledger.outbox.nextDue(['mail'], now());
      if (due === undefined || due > end) break;
      clock.now = Math.max(now() + 1, due);
      await worker.runOnce();
    }
  };
  await worker.runOnce();
  await pushTo(NOW + DAYS * 86_400_000);
  const [kept] = await ledger.outbox.list({ order: 'A', limit: 1 });
  if (kept === undefined) throw new Error('the sale announced nothing');
  const { tries = [] } = (await ledger.outbox.show(kept.number)) ?? {};
  const report = {
    behavior,
    state: kept.state,
    reason: kept.reason,
    tries: tries.map(({ at, outcome }) => ({ at: at - NOW, outcome })),
    copies: [...server.copies],
    targets: await ledger.outbox.targets(),
    counts: await ledger.outbox.count(),
    refusedFlags: (await ledger.findFlags({ kind: 'mail-refused', limit: 9 })).length,
    sellerIsTold: (await announceNeeds(ledger, now())) > 0,
  };
  server.repair();
  if (kept.state === 'given-up') await ledger.outbox.sendAgain(kept.number, now(), 'ada: the relay works');
  await pushTo(now() + 2 * 3_600_000);
  const later = await ledger.outbox.show(kept.number);
  return { ...report, isSentLater: later?.announcement.state === 'sent' };
}

/** Side by side: most of the time they wait. */
const reports = await Promise.all(
  RELAY_BEHAVIORS.filter((behavior) => behaviors.includes(behavior)).map(async (behavior) => {
    const teardowns: (() => void | Promise<void>)[] = [];
    const report = await push(behavior, { teardown: (act) => void teardowns.push(act) });
    for (const act of teardowns.reverse()) await act();
    return report;
  }),
);
process.stdout.write(JSON.stringify(reports));
