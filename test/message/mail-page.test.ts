import test from 'ava';
import { mailPage } from '../../src/message/mail-page.ts';

test('a mail fetches nothing: a picture of the text stands as its words', (t) => {
  const text = [
    'Before ![a <logo> "x"](https://shop.example/p.png "title") after.',
    '[![in a link](https://shop.example/q.png)](https://shop.example/)',
    '![by name][p]',
    '[p]: https://shop.example/r.png',
  ].join('\n\n');
  const html = mailPage('Lumen', text);
  t.notRegex(html, /<img|\.png|\bsrc=|@import|url\(/);
  t.true(html.includes('Before a &lt;logo&gt; &quot;x&quot; after.'), html);
  t.true(html.includes('<a href="https://shop.example/">in a link</a>'), html);
  t.true(html.includes('by name'));
});
