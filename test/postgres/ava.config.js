/** How `npm run test:postgres` runs. main.ts starts the database. */
import base from '../../ava.config.js';

export default {
  ...base,
  files: ['test/postgres/**/*.test.ts'],
  concurrency: 2,
  timeout: '120s',
};
