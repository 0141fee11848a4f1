import base from '../../ava.config.js';
export default {
  ...base,
  files: [
    'test/service/service.test.ts',
    'test/service/outbox.test.ts',
    'test/whole-life.test.ts',
    'test/http/*.test.ts',
  ],
  concurrency: 2,
  timeout: '120s',
  environmentVariables: { ...base.environmentVariables, TEST_SERVICES_ON: 'postgres' },
};
