/** `webhooks.yaml`: reads and checks the endpoints once, at the start. */
import { readFile } from 'node:fs/promises';
import type { Fault } from '../../catalog/fault.ts';
import { AppError } from '../../errors.ts';
import { codeOf, fileFault } from '../../keyring/key-files.ts';
import type { Endpoint } from './endpoint.ts';

/**
 * The endpoints of the file; none where there is no file. Throws AppError `bad_configuration` with one line for
 * each fault: `file:line: fault`. Does not read the secrets.
 */
export async function loadEndpoints(file: string): Promise<readonly Endpoint[]> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw fileFault(error, file, 'read');
  }
  const { readEndpoints } = await import('./read-endpoints.ts');
  const read = readEndpoints(bytes);
  if ('endpoints' in read) return read.endpoints;
  throw faultsOf(file, read.faults);
}

/** The error of faults in the file, in the order of their lines. */
export function faultsOf(file: string, faults: readonly Fault[]): AppError {
  const told = faults
    .toSorted((a, b) => a.line - b.line)
    .map(({ line, message }) => `${file}:${line}: ${message}`);
  return new AppError('bad_configuration', `The webhooks have faults:\n${told.join('\n')}`);
}
