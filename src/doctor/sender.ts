/** Checks the records of the sender's domain: without SPF and DMARC, many mailboxes refuse what is sent. */
import type { Config } from '../service/config.ts';
import { type Finding, fault, ok, untold, warning } from './finding.ts';

const SPF = 'SPF of the sender';
const DMARC = 'DMARC of the sender';
const DKIM = 'DKIM of the sender';

/** Names for examples and tests (RFC 2606, RFC 6761), and names without a domain. */
const RESERVED = /(^|\.)(example(\.(com|net|org))?|test|invalid|localhost)$|^[^.]*$/;

/** The TXT records of a name, each as its pieces; empty if there are none. Rejects if it cannot be told. */
export type ResolveTxt = (name: string) => Promise<readonly (readonly string[])[]>;

export async function examineSender(
  { mail }: Pick<Config, 'mail'>,
  resolveTxt: ResolveTxt = ask,
): Promise<readonly Finding[]> {
  if (mail === undefined) return [];
  const domain = mail.from.address.replace(/^.*@/, '').toLowerCase();
  if (RESERVED.test(domain)) {
    const so = `MAIL_FROM is of ${domain}, which is nobody’s: mailboxes refuse such mails.`;
    return [warning(SPF, so, 'Set MAIL_FROM to an address of your own domain.')];
  }
  return [await spf(domain, resolveTxt), await dmarc(domain, resolveTxt), dkim(domain)];
}

async function spf(domain: string, resolveTxt: ResolveTxt): Promise<Finding> {
  const found = await textsOf(domain, resolveTxt);
  if (found === undefined) return unanswered(SPF, domain);
  const records = found.filter((text) => /^v=spf1( |$)/i.test(text));
  const [record = ''] = records;
  if (records.length === 0) {
    const remedy = `Add a TXT record to ${domain} that names your relay, such as  v=spf1 include:spf.relay.example ~all  (the relay tells its name).`;
    return warning(SPF, `${domain} has no SPF record.`, remedy);
  }
  if (records.length > 1)
    return fault(
      SPF,
      `${domain} has ${records.length} SPF records, so none counts.`,
      'Join them to one record.',
    );
  if (/(^| )\+?all( |$)/i.test(record))
    return warning(SPF, `${domain} lets anybody send: ${record}`, 'End the record with  ~all  or  -all.');
  return ok(SPF, `${domain} has one: ${record}`);
}

/** The record of the domain, or of the nearest domain above it (RFC 7489, 6.6.3; a public suffix has none). */
async function dmarc(domain: string, resolveTxt: ResolveTxt): Promise<Finding> {
  for (let at = domain; at.includes('.'); at = at.replace(/^[^.]*\./, '')) {
    const found = await textsOf(`_dmarc.${at}`, resolveTxt);
    if (found === undefined) return unanswered(DMARC, `_dmarc.${at}`);
    const records = found.filter((text) => /^v=DMARC1(;| |$)/i.test(text));
    const [record = ''] = records;
    if (records.length > 1)
      return fault(DMARC, `_dmarc.${at} has ${records.length} records, so none counts.`, 'Keep one of them.');
    if (records.length === 0) continue;
    if (!/;\s*p\s*=\s*(none|quarantine|reject)\s*(;|$)/i.test(record))
      return fault(
        DMARC,
        `_dmarc.${at} says no policy: ${record}`,
        'Add  p=none,  p=quarantine  or  p=reject.',
      );
    return ok(DMARC, `_dmarc.${at} has one: ${record}`);
  }
  const remedy = `Add a TXT record to _dmarc.${domain}, such as  v=DMARC1; p=none; rua=mailto:you@${domain}`;
  return warning(DMARC, `${domain} has no DMARC record.`, remedy);
}

/** The relay signs, with a name of its own choice. */
function dkim(domain: string): Finding {
  return untold(
    DKIM,
    `Not checked: the relay signs the mails of ${domain}.`,
    'Send a mail (mail test), and look in its source for  dkim=pass.  The relay tells which record to add.',
  );
}

function unanswered(check: string, name: string): Finding {
  return untold(check, `The records of ${name} cannot be asked for from here.`, 'Ask again later.');
}

async function textsOf(name: string, resolveTxt: ResolveTxt): Promise<readonly string[] | undefined> {
  try {
    return (await resolveTxt(name)).map((pieces) => pieces.join(''));
  } catch {
    return undefined;
  }
}

const PATIENCE_MILLISECONDS = 2_000;

const NOTHING_THERE = new Set(['ENODATA', 'ENOTFOUND']);

async function ask(name: string): Promise<readonly (readonly string[])[]> {
  const { Resolver } = await import('node:dns/promises');
  try {
    return await new Resolver({ timeout: PATIENCE_MILLISECONDS, tries: 1 }).resolveTxt(name);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (NOTHING_THERE.has(code)) return [];
    throw error;
  }
}
