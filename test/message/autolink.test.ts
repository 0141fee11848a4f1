import test from 'ava';
import { marked } from 'marked';
import { AppError } from '../../src/errors.ts';
import { findCodes } from '../../src/license-code/find-codes.ts';
import { openingLink } from '../../src/message/autolink.ts';
import { compileMessage } from '../../src/message/template.ts';
import { mint } from '../kit/sample-codes.ts';

const code = mint();

function reply(body: string): string {
  return compileMessage({ digest: '', productId: 'x', productName: 'X', features: [], body }).render({
    codes: [code],
    license: { lastValid: null, updatesUntil: null, seats: 1, features: 0, trial: false },
    order: { id: '7', quantity: 1, test: false },
    customer: { name: 'Ada', email: undefined },
  });
}

test('the filter link makes a link with the code in it, as Markdown and as HTML', async (t) => {
  const text = reply(
    '{% for code in codes %}\n{{ code }}\n\n{{ code | link: "acme://activate" }}\n{% endfor %}',
  );
  t.true(text.includes(`<acme://activate?code=${code}>`));
  t.deepEqual(findCodes(text), [code]);
  const html = await marked(text);
  t.true(html.includes(`href="acme://activate?code=${code}"`));
});

test('a value in a link is escaped, and an address that cannot carry a code is refused', (t) => {
  t.is(openingLink('a b>&', 'acme://x').address, 'acme://x?code=a%20b%3E%26');
  for (const address of [
    '',
    'acme',
    'acme:activate',
    'acme://x?y',
    'acme://x#y',
    'acme://x y',
    'acme://<',
    '1a://x',
  ])
    t.throws(() => openingLink(code, address), { message: /takes an address/ }, address);
  const error = t.throws(() => reply('{{ codes[0] | link: "acme" }}'), { instanceOf: AppError });
  t.regex(error?.detail ?? '', /line 1 .*the filter "link" takes an address/);
});
