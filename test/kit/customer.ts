/** A shop whose customers help themselves: pages, a real SMTP server, sales by FastSpring. */
import request from 'supertest';
import { type Market, openMarket } from './fastspring.ts';
import { type Mailbox, openMailbox, type Received } from './mailbox.ts';
import { productFile } from './products.ts';
import type { Given, Owner } from './service.ts';

export const PUBLIC = 'https://licenses.lumen.example';

const PICTURE =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" rx="10" fill="#26324a"/><circle cx="20" cy="20" r="9" fill="#f3c55b"/></svg>';

export const SHOP_FILES: Readonly<Record<string, string>> = {
  'shop.yaml': 'name: Lumen\nhelp: help@lumen.example\npicture: lumen.svg\n',
  'lumen.svg': PICTURE,
};

const TEXT = `
Hello {{ customer.name }}, {{ mail.reason }}.

{% for code in codes %}
\`\`\`
{{ code }}
\`\`\`
{% endfor %}
`;

export const LUMEN: Readonly<Record<string, string>> = {
  lumen: productFile(
    'name: Lumen\nterm: P1Y\ngrace: P14D\nfeatures: [export, sync]\nself_reissue: 2\nmarketplaces: { fastspring: {} }\nmail: { sold: off, renewed: off }',
    TEXT,
  ),
};

export interface CustomerShop extends Market {
  readonly mailbox: Mailbox;
  /** Types into the form for a lost code. */
  ask(...given: Parameters<Market['ask']>): ReturnType<Market['ask']>;
  inquire(order: string, email: string): request.Test;
  /** The path of the page whose link this person is mailed for the asking. */
  pageOf(order: string, email?: string): Promise<string>;
  page(path: string, headers?: Readonly<Record<string, string>>): request.Test;
  post(path: string, fields?: Readonly<Record<string, string>>): request.Test;
  /** A sale of FastSpring: a license request and its event. Resolves to the order's reference. */
  sell(sale?: Sale): Promise<string>;
}

export interface Sale {
  readonly email?: string;
  readonly name?: string;
  readonly quantity?: number;
  readonly live?: boolean;
  readonly subscription?: string;
  /** As the marketplace states it, such as `de`. */
  readonly language?: string;
  /** A gift: the receiver's address. */
  readonly receiver?: string;
}

export async function openCustomerShop(owner: Owner, given: Given = {}): Promise<CustomerShop> {
  const mailbox = await openMailbox(owner);
  const market = await openMarket(owner, {
    products: LUMEN,
    files: SHOP_FILES,
    ...given,
    env: {
      SMTP_URL: `smtp://127.0.0.1:${mailbox.port}`,
      MAIL_FROM: 'Lumen <licenses@lumen.example>',
      PUBLIC_URL: PUBLIC,
      ...given.env,
    },
  });
  const { url } = market;
  const post = (path: string, fields: Readonly<Record<string, string>> = {}) =>
    request(url)
      .post(path)
      .set('Content-Type', 'application/x-www-form-urlencoded')
      .send(new URLSearchParams(fields).toString());
  const inquire = (order: string, email: string) => post('/license', { order, email });
  return {
    ...market,
    mailbox,
    post,
    inquire,
    pageOf: async (order, email = 'ada@example.com') => {
      await inquire(order, email);
      return pathIn(await mailbox.next(email));
    },
    page: (path, headers = {}) => request(url).get(path).set(headers),
    sell: (sale = {}) => sell(market, sale),
  };
}

let sold = 0;

async function sell(
  { ask, tell, event, home }: Market,
  { email = 'ada@example.com', name = 'Ada Byron', quantity = 1, live = true, ...more }: Sale,
): Promise<string> {
  sold += 1;
  const number = sold;
  const order = `LUM261121-7001-${String(number).padStart(5, '0')}`;
  const { subscription, receiver, language } = more;
  const fields = {
    ...{ name, email: receiver ?? email, reference: order, quantity: String(quantity), test: String(!live) },
    ...(subscription !== undefined && { subscriptionReference: subscription }),
  };
  const { status, text } = await ask('lumen', fields);
  if (status !== 200) throw new Error(`the request was answered ${status}: ${text}`);
  const person = { first: name, last: '', email };
  const items = [{ product: 'lumen', quantity, fulfillments: {}, ...(subscription && { subscription }) }];
  const data = {
    order: `qWe${number}-id`,
    id: `qWe${number}-id`,
    reference: order,
    live,
    completed: true,
    language,
  };
  const people = {
    customer: person,
    ...(receiver !== undefined && {
      recipients: [{ recipient: { first: 'Rita', last: '', email: receiver } }],
    }),
  };
  const created = home.clock.now + 1000;
  const about = { account: 'account', ...people, items, currency: 'EUR', total: 49 };
  await tell(event('order.completed', { ...data, ...about }, { created, live }));
  return order;
}

/** The path of the first link to a page in a mail. */
export function pathIn({ email }: Received): string {
  const [, path] = new RegExp(`${PUBLIC}(/license/[\\w-]{59})`).exec(email.text ?? '') ?? [];
  if (path === undefined) throw new Error(`no link in: ${email.text}`);
  return path;
}
