/** Reads the secrets of endpoints from the environment and from files. */
import type { Fault } from '../../catalog/fault.ts';
import { AppError } from '../../errors.ts';
import { readPrivate } from '../../keyring/key-files.ts';
import type { Endpoint, SecretSource } from './endpoint.ts';
import { faultsOf } from './endpoints-file.ts';
import { parseSecret, type SigningSecrets } from './signature.ts';

/** The value of an environment variable. */
export type Variable = (name: string) => string | undefined;

/**
 * The secrets by the endpoint's name. Throws AppError `bad_configuration` with a line for each fault, none with a
 * secret. `file`: webhooks.yaml.
 */
export function readSecrets(
  endpoints: readonly Endpoint[],
  variable: Variable,
  file: string,
): ReadonlyMap<string, SigningSecrets> {
  const faults: Fault[] = [];
  const secrets = new Map<string, SigningSecrets>();
  for (const endpoint of endpoints) {
    const [first, ...others] = endpoint.secrets.flatMap((source) => {
      const read = readSecret(source, variable);
      if (typeof read !== 'string') return [read];
      faults.push({ line: endpoint.secretLine, message: read });
      return [];
    });
    if (first !== undefined) secrets.set(endpoint.name, [first, ...others]);
  }
  if (faults.length > 0) throw faultsOf(file, faults);
  return secrets;
}

/** The bytes, or what is wrong. */
function readSecret(source: SecretSource, variable: Variable): Uint8Array | string {
  if ('variable' in source) {
    const text = variable(source.variable);
    if (text === undefined || text === '')
      return `secret_env: ${source.variable} is not set: set it in the environment or in .env`;
    return named(`secret_env: ${source.variable}`, parseSecret(text));
  }
  try {
    const text = readPrivate(source.file, 'put the secret there, or name another file');
    return named(`secret_file: ${source.file}`, parseSecret(text));
  } catch (error) {
    if (error instanceof AppError) return `secret_file: ${error.message}`;
    throw error;
  }
}

function named(place: string, read: Uint8Array | string): Uint8Array | string {
  return typeof read === 'string' ? `${place} ${read}` : read;
}
