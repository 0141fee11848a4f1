/** The HTTP suite through the handler of Lambda: `npm run test:deploy -- lambda` sets TEST_THROUGH to a shape of event. */
import base from '../../ava.config.js';
import { notThroughEvents } from './not-through-events.ts';

export default {
  ...base,
  // edge/server.test.ts is about connections, timeouts and heads: the platform's own.
  files: ['test/http/**/*.test.ts', '!test/http/edge/server.test.ts'],
  match: ['*', ...notThroughEvents(process.env['TEST_THROUGH']).map((title) => `!${title}`)],
  concurrency: 2,
  timeout: '120s',
};
