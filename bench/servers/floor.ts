/**
 * Contender 2, the floor: the raw body and its RSA signature by Mintmark's own functions, and a fixed answer. No
 * service that authenticates its calls can do less.
 */
import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Koa from 'koa';
import { LARGEST_FORM, readBody } from '../../src/http/edge/body.ts';
import { parseForm } from '../../src/marketplaces/form.ts';
import { authenticate, type PaddleKeys } from '../../src/marketplaces/paddle-classic/authenticity.ts';
import { listen } from './listen.ts';

const keys: PaddleKeys = [
  ['live', createPublicKey(readFileSync(process.env['PADDLE_CLASSIC_PUBLIC_KEY_FILE'] ?? ''))],
];
/** Shaped like a code, so that the client's check accepts it. */
const ANSWER = `${'0'.repeat(160)}\n`;

const app = new Koa();
app.use(async (context) => {
  const fields = parseForm(await readBody(context.req, 'application/x-www-form-urlencoded', LARGEST_FORM));
  if (authenticate(fields, keys) === undefined) context.throw(401);
  context.body = ANSWER;
});
listen(app);
