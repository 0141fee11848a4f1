/**
 * What makes the page that of your program. As it stands it shows a made-up product, with a published key that signs
 * nothing but examples: verifiers/vectors/license-code-v1.json has codes for it.
 */
globalThis.seller = {
  /** The name of the product file, without .md: it is signed with every code. */
  product: 'acme-editor',
  name: 'Acme Editor',

  /** The public keys:  npm run -s mintmark -- keys export --live-only  prints them. Put all of it here as it is. */
  keyring: [
    {
      id: 1,
      mode: 'live',
      state: 'active',
      publicKey: '7e7dea50120be9470682f3e096a292d2f01459064d8d63e0a98fed21e3ad94fb',
      created: '2026-11-21',
    },
  ],

  /** true takes the codes of test orders too, if the keyring has a test key. Never in what customers get. */
  allowTest: false,

  /** The day of this version, YYYY-MM-DD, if your licenses cover new versions for a time only. */
  buildDate: undefined,

  /** The names of your features, in the order of the product file. */
  features: ['export', 'sync'],

  /** Where your Mintmark answers; '' for a program that never asks. The same address stands in index.html. */
  server: 'http://127.0.0.1:8787',
};
