/** The settings, from the environment or a file `.env` in this folder; README.md says where each of them is in Kommo. */
import { existsSync, readFileSync } from 'node:fs';

/** Throws an Error with one line for each setting that is missing or malformed. */
export function readSettings(environment = process.env) {
  if (environment === process.env && existsSync('.env')) process.loadEnvFile('.env');
  const faults = [];
  const required = (name) => environment[name] || void faults.push(`${name} is missing`);
  const number = (name, fallback) => {
    const text = environment[name];
    if (!text && fallback !== undefined) return fallback;
    if (/^\d+$/.test(text ?? '')) return Number(text);
    return void faults.push(`${name} must be a number`);
  };
  const settings = {
    secret: required('WEBHOOK_SECRET'),
    url: required('KOMMO_URL'),
    token: required('KOMMO_TOKEN'),
    pipeline: number('KOMMO_PIPELINE'),
    /** The stage of a deal that was paid, and of one that was renewed. */
    paid: number('KOMMO_STAGE_PAID'),
    renewed: number('KOMMO_STAGE_RENEWED', null),
    responsible: number('KOMMO_RESPONSIBLE', null),
    host: environment.HOST ?? '127.0.0.1',
    port: number('PORT', 9090),
    folder: environment.STATE_DIR ?? 'state',
    products: existsSync('products.json') ? JSON.parse(readFileSync('products.json', 'utf8')) : {},
  };
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return settings;
}
