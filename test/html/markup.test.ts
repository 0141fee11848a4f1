import test from 'ava';
import { Assets } from '../../src/html/assets.ts';
import { href } from '../../src/html/href.ts';
import { html } from '../../src/html/markup.ts';
import { FRAMING_POLICY, framedPolicy, PAGE_POLICY } from '../../src/html/policy.ts';

test('a text in a hole stays text, also within an attribute, in lists and in nested markup', (t) => {
  const hostile = `"><script>alert('1')</script>&`;
  const escaped = '&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;';
  t.is(String(html`<p title="${hostile}">${hostile}</p>`), `<p title="${escaped}">${escaped}</p>`);
  t.is(
    String(html`<ul>${[hostile, html`<li>${hostile}</li>`]}</ul>`),
    `<ul>${escaped}<li>${escaped}</li></ul>`,
  );
});

test('false, null and undefined are nothing; 0 is 0', (t) => {
  t.is(String(html`${false}${null}${undefined}${0}`), '0');
});

test('an address from outside keeps https, http and mailto; anything else leads nowhere', (t) => {
  for (const kept of [
    'https://a.example/b',
    'http://localhost:1/',
    'mailto:a@b.example',
    '/console/live/',
    '#x',
    '?a=b',
  ])
    t.is(href(kept), kept);
  for (const refused of [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    '//evil.example',
    '/\\evil.example',
    'x',
  ])
    t.is(href(refused), '#', refused);
});

test('each asset is named by its digest; style stays under 25 kB, scripts under 15 kB together', (t) => {
  const assets = new Assets();
  const size = (name: 'mintmark.css' | 'console.js' | 'passkey.js') => {
    const path = assets.pathOf(name);
    t.regex(path, /^\/console\/assets\/[a-z]+-[\w-]{16}\.(css|js)$/);
    return assets.find(path)?.bytes.length ?? Number.POSITIVE_INFINITY;
  };
  t.true(size('mintmark.css') < 25_000);
  t.true(size('console.js') + size('passkey.js') < 15_000);
  t.is(assets.find('/console/assets/mintmark-0000000000000000.css'), undefined);
});

test('the policy allows no inline script or style, no other site and no frame; only a mail may be framed', (t) => {
  for (const part of [
    "default-src 'none'",
    "script-src 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types mintmark',
  ])
    t.true(PAGE_POLICY.split('; ').includes(part), part);
  t.notRegex(PAGE_POLICY, /unsafe|frame-src|https:/);
  t.regex(FRAMING_POLICY, /; frame-src 'self'/);
  t.is(
    framedPolicy('abc='),
    "default-src 'none'; style-src 'sha256-abc='; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox",
  );
});
