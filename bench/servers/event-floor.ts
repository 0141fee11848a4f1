/**
 * The floor of a webhook: the raw body, its HMAC by Mintmark's own functions, and JSON.parse. No service that
 * authenticates its calls can do less.
 */
import Koa from 'koa';
import { readBody } from '../../src/http/edge/body.ts';
import { isWebhook } from '../../src/marketplaces/fastspring/authenticity.ts';
import { listen } from './listen.ts';

const secrets = [process.env['FASTSPRING_WEBHOOK_SECRETS'] ?? ''];
const LARGEST_BATCH = 2 * 1024 * 1024;

const app = new Koa();
app.use(async (context) => {
  const body = await readBody(context.req, 'application/json', LARGEST_BATCH);
  if (!isWebhook(body, context.get('X-FS-Signature'), secrets)) context.throw(401);
  if (!Array.isArray(JSON.parse(body.toString()).events)) context.throw(400);
  context.body = 'done\n';
});
listen(app);
