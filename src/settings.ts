/** The process's settings: its environment, over what a `.env` file in the current folder says. */
import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { type Config, readConfig } from './config.ts';

const DOT_ENV = '.env';

/** Throws what readConfig throws. */
export function processConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const fromFile = existsSync(DOT_ENV) ? parseEnv(readFileSync(DOT_ENV, 'utf8')) : {};
  return readConfig({ ...fromFile, ...environment }, (path) => readFileSync(path, 'utf8'));
}
