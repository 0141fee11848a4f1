/** The settings of the process: its environment, which overrides a `.env` file in the current folder. */
import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { exposure, fileFault } from '../keyring/key-files.ts';
import { type Config, type Environment, readConfig } from './config.ts';

const DOT_ENV = '.env';

/** Throws what readConfig throws, and `bad_configuration` for an unreadable `.env`. */
export function processConfig(environment: Environment): Config {
  const exists = existsSync(DOT_ENV);
  const fromFile = exists ? parseDotEnv(readDotEnv()) : {};
  const config = readConfig({ ...fromFile, ...environment }, (path) => readFileSync(path, 'utf8'));
  const open = exposure(DOT_ENV);
  return open === undefined ? config : { ...config, warnings: [open, ...config.warnings] };
}

/** Like Node.js, except for a value of spaces only: Node.js 24 reads the next line as its value. */
export function parseDotEnv(text: string): Environment {
  return parseEnv(text.replaceAll(/^([^#\n=]*=)[ \t]+$/gm, '$1'));
}

function readDotEnv(): string {
  try {
    return readFileSync(DOT_ENV, 'utf8');
  } catch (error) {
    throw fileFault(error, DOT_ENV, 'read');
  }
}
