/**
 * fast-check for all tests. With TEST_SEED, as in CI, each run draws the same; without it each run has draws of its own, and
 * a failure tells its seed.
 */
import fc from 'fast-check';

const seed = process.env['TEST_SEED'];
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) });

export default fc;
