/** How the bench's own servers listen and stop. */
import type Koa from 'koa';

/** On the port that the bench picked. */
export function listen(app: Koa): void {
  app.listen(Number(process.env['PORT']), '127.0.0.1');
  // So that Node still writes a profile, if it was asked for one.
  process.once('SIGTERM', () => process.exit(0));
}
