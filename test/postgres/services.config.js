/** The tests of services that look at a ledger only through the service, run once more on PostgreSQL. */
import base from './ava.config.js';

export default {
  ...base,
  files: [
    'test/service/service.test.ts',
    'test/whole-life.test.ts',
    'test/customer/{pages,whole-life}.test.ts',
    'test/downloads/{delivery,license-page,whole-life}.test.ts',
    'test/http/{health,kept-sales,keyring,license-request,metrics,multibuy-stored,refresh,revocations}.test.ts',
  ],
  environmentVariables: { ...base.environmentVariables, TEST_SERVICES_ON: 'postgres' },
};
