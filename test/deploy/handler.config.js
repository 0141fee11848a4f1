/** The HTTP suite through the handler of Lambda: `npm run test:deploy -- lambda` sets TEST_THROUGH to a shape of event. */
import base from '../../ava.config.js';

/** What the platform does in front of a function, and Mintmark's own server never sees. */
const OF_THE_PLATFORM = [
  // The platform reads a body whole before it calls.
  'the body of a delivery without a signature header is not read',
  'a body of 2 MiB is accepted, and one byte more gets 413',
  // Measures the event loop, in which the platform's stand-in works too.
  'while another program holds the lock a new order gets 503; afterwards the same order succeeds',
  // A function URL hands JSON over as text: bytes that are not UTF-8 are lost there.
  ...(process.env['TEST_THROUGH'] === 'function-url'
    ? ['a body that is not a batch gets 400, also a body with two events members']
    : []),
];

export default {
  ...base,
  // edge/server.test.ts is about connections, timeouts and heads: the platform's own.
  files: ['test/http/**/*.test.ts', '!test/http/edge/server.test.ts'],
  match: ['*', ...OF_THE_PLATFORM.map((title) => `!${title}`)],
  concurrency: 2,
  timeout: '120s',
};
