/** `npm run test:stalls`: all tests, on what seems a slow machine. One that fails here and not in `npm test` waits for too little. */
import config from '../ava.config.js';

const stalls = new URL('kit/stalls.js', import.meta.url);

export default {
  ...config,
  environmentVariables: {
    ...config.environmentVariables,
    NODE_OPTIONS: `--import=${stalls}`,
    // test/kit/mailbox.ts: a mail comes up to this many milliseconds late.
    TEST_MAIL_DELAY: '1500',
  },
  timeout: '180s',
};
