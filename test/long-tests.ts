/**
 * The tests that start processes, wait for timers and servers, look at a whole life, or try very many inputs:
 * `npm run test:long`. All others are `npm test`, which has to end in less than 100 seconds on two processors.
 */
export const LONG_TESTS: readonly string[] = [
  ...[
    'backup',
    'bench',
    'book',
    'cli',
    'console',
    'customer',
    'doctor',
    'downloads',
    'examples',
    'explain',
    'http',
    'keyring',
    'message',
    'outbox',
    'service',
    'tools',
    'verifiers',
  ].map((room) => `test/${room}/**/*.test.ts`),
  ...[
    'billing',
    'fastspring',
    'found-billing',
    'found-fastspring',
    'found-paddle',
    'gumroad',
    'lemon',
    'paddle',
    'stripe',
  ].map((shop) => `test/shop/${shop}.test.ts`),
  'test/catalog/parsed-heads.test.ts',
  'test/extending.test.ts',
  ...['load-revocations', 'reader', 'repair', 'survival', 'vectors'].map(
    (name) => `test/license-code/${name}.test.ts`,
  ),
  'test/marketplaces/*/whole-life.test.ts',
  'test/marketplaces/*/silence.test.ts',
  'test/marketplaces/gumroad/address.test.ts',
  'test/marketplaces/paddle-classic/deliveries.test.ts',
  ...['desk/acts', 'order-of-arrival', 'side-by-side', 'view-once'].map(
    (name) => `test/domain/${name}.test.ts`,
  ),
  'test/storage/sqlite/check/check.test.ts',
  'test/storage/sqlite/contract.test.ts',
  'test/storage/sqlite/schema/schema-6.test.ts',
  'test/whole-life.test.ts',
];
