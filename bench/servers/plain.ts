/**
 * Contender 3, the plain way: a straightforward implementation with koa-body, tweetnacl, base-x and a durable
 * transaction per request. The RSA check, WAL and prepared statements are like Mintmark's.
 */
import { createHmac, createPublicKey, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import baseX from 'base-x';
import Database from 'better-sqlite3';
import Koa from 'koa';
import { koaBody } from 'koa-body';
import nacl from 'tweetnacl';
import { authenticate, type PaddleKeys } from '../../src/marketplaces/paddle-classic/authenticity.ts';
import { listen } from './listen.ts';

const RECORD_BYTES = 34;
const CODE_BYTES = 100;

const keys: PaddleKeys = [
  ['live', createPublicKey(readFileSync(process.env['PADDLE_CLASSIC_PUBLIC_KEY_FILE'] ?? ''))],
];
const { secretKey } = nacl.sign.keyPair();
const idSecret = randomBytes(32);
const base32 = baseX('0123456789ABCDEFGHJKMNPQRSTVWXYZ');

const database = new Database(join(process.env['DATA_DIR'] ?? '', 'plain.sqlite'));
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');
database.exec(
  'CREATE TABLE license (order_id TEXT PRIMARY KEY, id BLOB NOT NULL UNIQUE, code TEXT NOT NULL)',
);
const find = database.prepare<[string], string>('SELECT code FROM license WHERE order_id = ?').pluck();
const insert = database.prepare('INSERT INTO license (order_id, id, code) VALUES (?, ?, ?)');

const issue = database.transaction((order: string): string => {
  const known = find.get(order);
  if (known !== undefined) return known;
  const id = createHmac('sha256', idSecret).update(order).digest().subarray(0, 16);
  const code = mint(id);
  insert.run(order, id, code);
  return code;
});

function mint(id: Uint8Array): string {
  const bytes = new Uint8Array(CODE_BYTES);
  // A nonzero first byte, as in a real code, makes base-x write all 160 characters.
  bytes[0] = 0x10;
  bytes.set(id, 5);
  bytes.set(nacl.sign.detached(bytes.subarray(0, RECORD_BYTES), secretKey), RECORD_BYTES);
  return base32.encode(bytes);
}

const app = new Koa();
app.use(koaBody());
app.use((context) => {
  const fields = context.request.body as Readonly<Record<string, string>>;
  if (authenticate(new Map(Object.entries(fields)), keys) === undefined) context.throw(401);
  const code = issue.immediate(fields['p_order_id'] ?? '');
  context.body = `Hello ${fields['name']},\n\nthank you for buying! Here is your license code:\n\n${code}\n`;
});
listen(app);
