import test from 'ava';
import { messageDigest } from '../../src/message/digest.ts';

const CONTENT = { productId: 'x', productName: 'Zoë', features: ['a', 'b'], body: 'Hello {{ codes }}\n' };

test('the digest of a text is that of its canonical JSON, as anyone computes it', (t) => {
  t.is(messageDigest(CONTENT), '2d15f357176695ae7805713e5ed5c2654c318bbf85f6137191f6809f3edd459e');
  const { body, features, ...ids } = CONTENT;
  t.is(messageDigest({ features, body, ...ids }), messageDigest(CONTENT));
});

test('whatever a reply takes from the product changes its digest', (t) => {
  const digests = [
    CONTENT,
    { ...CONTENT, productId: 'y' },
    { ...CONTENT, productName: 'Zoe' },
    { ...CONTENT, features: ['b', 'a'] },
    { ...CONTENT, body: 'Hello' },
  ].map(messageDigest);
  t.is(new Set(digests).size, digests.length);
});
