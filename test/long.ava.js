/** `npm run test:long`. */
import config from '../ava.config.js';
import { LONG_TESTS } from './long-tests.ts';

export default { ...config, files: LONG_TESTS };
