import test from 'ava';
import { examineSender, type ResolveTxt } from '../../src/doctor/sender.ts';
import type { Config } from '../../src/service/config.ts';

const from = (address: string) =>
  ({ mail: { from: { name: undefined, address } } }) as unknown as Pick<Config, 'mail'>;

type Zone = Readonly<Record<string, readonly (readonly string[])[] | Error>>;

/** Answers from a zone of the test; `asked` are the names. */
function dns(zone: Zone): { readonly resolveTxt: ResolveTxt; readonly asked: string[] } {
  const asked: string[] = [];
  const resolveTxt = async (name: string) => {
    asked.push(name);
    const found = zone[name] ?? [];
    if (found instanceof Error) throw found;
    return found;
  };
  return { resolveTxt, asked };
}

async function levels(zone: Zone, address = 'licenses@mail.shop.se'): Promise<Record<string, string>> {
  const findings = await examineSender(from(address), dns(zone).resolveTxt);
  return Object.fromEntries(findings.map(({ check, level }) => [check.split(' ')[0] ?? '', level]));
}

const SPF = ['v=spf1 include:spf.relay.se ', '~all'];
const DMARC = ['v=DMARC1; p=none; rua=mailto:me@shop.se'];

test('both records are there: done; DKIM is the relay’s, and cannot be told', async (t) => {
  const zone = { 'mail.shop.se': [['other=1'], SPF], '_dmarc.mail.shop.se': [DMARC] };
  t.deepEqual(await levels(zone), { SPF: 'ok', DMARC: 'ok', DKIM: 'note' });
});

test('a record that is missing is named with the line to add', async (t) => {
  const findings = await examineSender(from('a@mail.shop.se'), dns({}).resolveTxt);
  const [spf, dmarc] = findings;
  t.regex(spf?.so ?? '', /mail\.shop\.se has no SPF record/);
  t.regex(spf?.remedy ?? '', /v=spf1 include:/);
  t.regex(dmarc?.remedy ?? '', /_dmarc\.mail\.shop\.se, such as {2}v=DMARC1; p=none/);
  t.deepEqual([spf?.level, dmarc?.level], ['warning', 'warning']);
});

test('the DMARC record of a domain above counts; a public suffix is not asked', async (t) => {
  t.is((await levels({ '_dmarc.shop.se': [DMARC] }))['DMARC'], 'ok');
  const { resolveTxt, asked } = dns({});
  await examineSender(from('a@mail.shop.se'), resolveTxt);
  t.deepEqual(asked, ['mail.shop.se', '_dmarc.mail.shop.se', '_dmarc.shop.se']);
});

test('records that do not count are faults: two of them, or DMARC without a policy', async (t) => {
  t.is((await levels({ 'mail.shop.se': [SPF, SPF] }))['SPF'], 'fault');
  t.is((await levels({ '_dmarc.mail.shop.se': [DMARC, DMARC] }))['DMARC'], 'fault');
  t.is((await levels({ '_dmarc.mail.shop.se': [['v=DMARC1; rua=mailto:me@shop.se']] }))['DMARC'], 'fault');
});

test('an SPF record that lets anybody send is told', async (t) => {
  for (const open of ['v=spf1 +all', 'v=spf1 a all'])
    t.is((await levels({ 'mail.shop.se': [[open]] }))['SPF'], 'warning', open);
  t.is((await levels({ 'mail.shop.se': [['v=spf1 a -all']] }))['SPF'], 'ok', 'the control');
});

test('names that do not answer cannot be told; without mail, and for a reserved name, nothing is asked', async (t) => {
  const silent = new Error('queryTxt ETIMEOUT');
  t.is((await levels({ 'mail.shop.se': silent }))['SPF'], 'note');
  t.is((await levels({ '_dmarc.mail.shop.se': silent }))['DMARC'], 'note');
  const { resolveTxt, asked } = dns({});
  t.deepEqual(await examineSender({ mail: undefined }, resolveTxt), []);
  for (const name of ['example.com', 'shop.example', 'a.test', 'localhost'])
    t.regex((await examineSender(from(`a@${name}`), resolveTxt))[0]?.so ?? '', /nobody/, name);
  t.deepEqual(asked, []);
});
