/** The settings of the process: its environment, which overrides a `.env` file in the current folder. */
import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { AppError } from '../errors.ts';
import { exposure, fileFault } from '../keyring/key-files.ts';
import { type Config, type Environment, readConfig, SECRET_NAMES } from './config.ts';

const DOT_ENV = '.env';

/** Throws what readConfig throws, and `bad_configuration` for an unreadable `.env`. */
export function processConfig(environment: Environment): Config {
  const text = existsSync(DOT_ENV) ? readDotEnv() : '';
  const cut = findCutSecrets(text, environment);
  if (cut.length > 0) throw new AppError('bad_configuration', `The settings have faults:\n${cut.join('\n')}`);
  const fromFile = parseDotEnv(text);
  const config = readConfig({ ...fromFile, ...environment }, (path) => readFileSync(path, 'utf8'));
  const open = exposure(DOT_ENV);
  return open === undefined ? config : { ...config, warnings: [open, ...config.warnings] };
}

/** Like Node.js, except for a value of spaces only: Node.js 24 reads the next line as its value. */
export function parseDotEnv(text: string): Environment {
  return parseEnv(text.replace(/^\ufeff/, '').replaceAll(/^([^#\n=]*=)[ \t]+$/gm, '$1'));
}

/** Of a secret without quotes, Node.js would take what is before a `#`, and every signature with it would fail. */
export function findCutSecrets(text: string, environment: Environment): readonly string[] {
  const cut = [...text.matchAll(/^[ \t]*(?:export[ \t]+)?(\w+)[ \t]*=[ \t]*(?!["'`])[^\s#][^\n#]*(?<!\s)#/gm)]
    .map(([, name = '']) => name)
    .filter((name) => SECRET_NAMES.includes(name) && environment[name] === undefined);
  return cut.map(
    (name) =>
      `${name}: # ends a value in ${DOT_ENV}: put the value in single quotes, or remove the # and what follows`,
  );
}

function readDotEnv(): string {
  try {
    return utf8Of(readFileSync(DOT_ENV));
  } catch (error) {
    throw error instanceof AppError ? error : fileFault(error, DOT_ENV, 'read');
  }
}

/** In UTF-16, as some programs of Windows write it, no name would be a setting, and nobody would be told. */
export function utf8Of(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('utf8');
  if (!text.includes('\0')) return text;
  throw new AppError('bad_configuration', `${DOT_ENV} is not UTF-8: save the file as UTF-8`);
}
