/** The answers and later states that a ledger yields: the promises that depend on it, whatever its file looks like. */
import type { Config } from '../../../src/service/config.ts';
import { openParts } from '../../../src/service/open.ts';
import { startService } from '../../../src/service/service.ts';
import { NOW } from '../../kit/sale.ts';
import { keptLog } from '../../kit/service.ts';
import { type Call, type Content, LISTS, send } from './ledger-content.ts';

const CODE = /^[0-9A-HJKMNP-TV-Z]{160}$/gm;
const DAY = 86_400_000;

/**
 * Runs a service on a ledger's file and changes it: lists states, codes, days, histories, revocation lists and known
 * events, the replies to repeated and to new calls, and the licenses afterwards. Equal promises give equal lines.
 * Without data that is free to change: customers, and which unit of a separate sale was delivered.
 */
export async function promisesOf(content: Content, ledgerFile: string): Promise<readonly string[]> {
  const { home, told, next } = content;
  const config = onFile(content, ledgerFile);
  const now = () => home.clock.now + DAY;
  const { log } = keptLog();
  const lines = await heldBy(content, ledgerFile);
  const service = await startService(config, { log, now });
  try {
    // New calls come first: repeated calls would restore the content of a lost row.
    for (const call of [...LISTS, ...told.filter(isRequest), ...next, ...LISTS, ...told]) {
      const { status, text } = await send(service.url, call);
      lines.push(`${call.path} ${call.body?.slice(0, 80) ?? ''} -> ${status} ${settled(call.path, text)}`);
    }
  } finally {
    await service.stop();
  }
  return [...lines, ...(await heldBy(content, ledgerFile))];
}

/** With a mark of its own: the file is one of many copies that continue from the same state. */
function onFile({ home }: Content, ledgerFile: string): Config {
  return { ...home.config, ledgerDatabase: undefined, ledgerFile, ledgerMark: `${ledgerFile}-mark` };
}

async function heldBy(content: Content, ledgerFile: string): Promise<string[]> {
  const { home, orders } = content;
  const now = () => home.clock.now + DAY;
  const { ledger, minter } = await openParts(onFile(content, ledgerFile), { modesNeeded: [], now });
  try {
    const lines = [`licenses: ${JSON.stringify(await ledger.count())}`];
    for (const order of orders) {
      // Columns that can change without a trace: customer, subscription (from facts), deliveries by others.
      for (const { customer: _, answer, subscription: __, handed: ___, ...story } of await ledger.find({
        by: 'order',
        order,
      })) {
        const { lastValid } = minter.entitlementOf(story.code);
        const answered = answer && { ...answer, deliveredAt: undefined };
        lines.push(
          JSON.stringify({ ...story, id: Buffer.from(story.id).toString('hex'), lastValid, answered }),
        );
      }
    }
    for (const { marketplace, id, outcome } of await ledger.findEvents({ limit: 1000 }))
      lines.push(`event ${marketplace} ${id} ${outcome}`);
    return lines;
  } finally {
    await ledger.close();
  }
}

/** Without the rising numbers of a revocation list, a request's number, and the delivered units of a separate sale. */
function settled(path: string, text: string): string {
  if (path.startsWith('/v1/revocations/')) {
    const { seq, aud, revoked, suspended } = JSON.parse(
      Buffer.from(text.split('.')[1] ?? '', 'base64url').toString(),
    );
    return JSON.stringify({ isSetBack: seq < NOW / 1000, aud, revoked, suspended });
  }
  const plain = text.replace(/"request":"[^"]*"/, '');
  return path.endsWith('/single') ? plain.replace(CODE, 'a code') : plain;
}

function isRequest({ path }: Call): boolean {
  return path.startsWith('/fulfillment');
}
