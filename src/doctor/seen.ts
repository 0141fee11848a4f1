/** What only the seller can see: whether a mail arrived, and whether the program takes a code. */
import type { Ledger } from '../domain/ledger.ts';
import type { Config } from '../service/config.ts';
import { type Noted, readNoted, type Seen } from '../service/noted.ts';
import { type Finding, note, ok, warning } from './finding.ts';

/** The names of the checks. */
export const SEEN_CHECKS: Readonly<Record<Seen, string>> = { mail: 'test mail', order: 'test order' };

export async function examineSeen(
  ledger: Pick<Ledger, 'listOrders'>,
  { keysDir, mail }: Pick<Config, 'keysDir' | 'mail'>,
  now: number,
): Promise<readonly Finding[]> {
  const { seen } = readNoted(keysDir);
  const order = await examineOrder(ledger, seen, now);
  return mail === undefined ? [order] : [examineMail(seen), order];
}

function examineMail({ mail }: Noted['seen']): Finding {
  const check = SEEN_CHECKS.mail;
  if (mail !== undefined) return ok(check, `${mail.by} said on ${mail.at.slice(0, 10)} that a mail arrived.`);
  return warning(
    check,
    'Nobody has said yet that a mail arrived: the relay’s word is not enough.',
    'Send one to yourself, look for it, also among the spam, and say here that it came.',
  );
}

async function examineOrder(
  ledger: Pick<Ledger, 'listOrders'>,
  { order }: Noted['seen'],
  now: number,
): Promise<Finding> {
  const check = SEEN_CHECKS.order;
  if (order !== undefined)
    return ok(check, `${order.by} said on ${order.at.slice(0, 10)} that a code came and works.`);
  const [newest] = await ledger.listOrders({ limit: 1, now });
  if (newest === undefined)
    return warning(check, 'No order came yet.', 'Make a test order, and paste its code into your program.');
  return note(
    check,
    `The newest order is of ${new Date(newest.at).toISOString().slice(0, 10)}. Whether its code reached you and your program takes it, nobody has said yet.`,
    'Be your own customer once: order, read the mail, paste the code into your program.',
  );
}
