/** Starts and stops the bench's own servers. */
import type Koa from 'koa';

/** On the port that the bench chose. */
export function listen(app: Koa): void {
  app.listen(Number(process.env['PORT']), '127.0.0.1');
  // Node.js writes a requested profile only at a regular exit.
  process.once('SIGTERM', () => process.exit(0));
}
