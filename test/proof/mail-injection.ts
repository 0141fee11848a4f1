/** A buyer's text in a mail: no header, recipient, part or element comes of it. */
import { Machine } from '../kit/machine.ts';
import { ESCAPES_NOTHING } from './injection.ts';
import { type Weakness, weakened } from './kit/weakening.ts';
import type { MailedReport } from './mail-injection/report.ts';
import type { Outcome, Proof, Tools } from './proof.ts';

/** The recipient is written as text, and the library reads whom it names. */
export const WRITES_RECIPIENTS: Weakness = {
  file: 'src/outbox/mail/relay.ts',
  changes: [
    ['    to: addressOf(to),', "    to: to.name + ' <' + to.address + '>',"],
    ['    envelope: { from: from.address, to: [to.address] },\n', ''],
  ],
};
export const KEEPS_MARKS: Weakness = {
  file: 'src/message/liquid.ts',
  changes: [["    .replace(/[\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ufeff]/g, '')\n", '']],
};

export const mailInjection: Proof = {
  title:
    'headers, recipients, parts and markup of a mail, against every field that a buyer controls: none is added, the code stays whole',
  unit: 'mails',
  quick: 400,
  full: 2_000,
  run: (mails, tools) => send(mails, tools),
  controls: [
    {
      title: 'recipients are written as text',
      run: (tools) => send(80, tools, { weakness: WRITES_RECIPIENTS, only: '[<,"]' }),
    },
    {
      title: 'direction marks are kept',
      run: (tools) => send(40, tools, { weakness: KEEPS_MARKS, only: '[\\u202a-\\u202e]' }),
    },
    { title: 'no escaping', run: (tools) => send(80, tools, { weakness: ESCAPES_NOTHING, only: '[#[*]' }) },
  ],
};

interface Weaker {
  readonly weakness?: Weakness;
  /** A pattern for the texts, so that a control needs few of them. */
  readonly only?: string;
}

async function send(most: number, tools: Tools, { weakness, only = '' }: Weaker = {}): Promise<Outcome> {
  const words = [String(most), String(Math.floor(tools.random() * 2 ** 32)), only];
  const around = weakness === undefined ? {} : weakened(weakness);
  const ran = new Machine(tools).spawn('test/proof/mail-injection/mailed.ts', words, around);
  const status = await ran.ended;
  if (status !== 0) throw new Error(`it ended with ${status}: ${ran.err}`);
  const { sent, refused, violations }: MailedReport = JSON.parse(ran.out);
  tools.note(`${sent} mails were sent, ${refused} addresses were none`);
  const nothing = weakness === undefined && (sent === 0 || refused === 0) ? ['nothing was tried'] : [];
  return { done: sent + refused, violations: [...violations, ...nothing] };
}
