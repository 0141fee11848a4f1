/** `npm test`. */
import config from '../ava.config.js';
import { LONG_TESTS } from './long-tests.ts';

export default { ...config, files: [...config.files, ...LONG_TESTS.map((path) => `!${path}`)] };
