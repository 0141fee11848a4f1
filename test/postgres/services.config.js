/** The tests of services that look at a ledger only through the service, run once more on PostgreSQL. */
import base from './ava.config.js';
import { ON_POSTGRES } from './services.ts';

export default {
  ...base,
  files: [...ON_POSTGRES],
  environmentVariables: { ...base.environmentVariables, TEST_SERVICES_ON: 'postgres' },
};
