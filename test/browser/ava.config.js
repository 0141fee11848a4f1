/** The tests that need Chromium, apart from `npm test`: one page at a time, since they look at what has the focus. */
export default {
  extensions: { ts: 'module' },
  files: ['test/browser/**/*.test.ts'],
  concurrency: 1,
  timeout: '120s',
};
