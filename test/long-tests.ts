/**
 * The tests that start processes, wait for timers and servers, or look at a whole life: `npm run test:long`. All others
 * are `npm test`, which has to end in less than 100 seconds on two processors.
 */
export const LONG_TESTS: readonly string[] = [
  ...['backup', 'cli', 'console', 'customer', 'downloads', 'examples', 'outbox', 'service'].map(
    (room) => `test/${room}/**/*.test.ts`,
  ),
  ...['billing', 'found-billing', 'found-fastspring', 'found-paddle', 'lemon', 'stripe'].map(
    (shop) => `test/shop/${shop}.test.ts`,
  ),
  'test/extending.test.ts',
  'test/http/claim.test.ts',
  'test/marketplaces/*/whole-life.test.ts',
  'test/storage/sqlite/check.test.ts',
  'test/whole-life.test.ts',
];
