/** Reads the input of a command: standard input, or a file. */
import { readFile, stat } from 'node:fs/promises';
import { AppError } from '../errors.ts';
import type { CliContext } from './context.ts';

/** The size limit of an input, in bytes. */
const LARGEST_INPUT = 8 * 1024 * 1024;

/** The text of a file, or of standard input for `-`. Throws AppError `bad_usage` for an unreadable file. */
export async function readInput({ stdin }: CliContext, file: string): Promise<string> {
  if (file !== '-') return readText(file);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of stdin) {
    size += part.length;
    if (size > LARGEST_INPUT) throw tooLarge('Standard input');
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

async function readText(file: string): Promise<string> {
  try {
    if ((await stat(file)).size > LARGEST_INPUT) throw tooLarge(file);
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('bad_usage', `${file} cannot be read: give a file, or - for standard input.`, {
      cause,
    });
  }
}

function tooLarge(what: string): AppError {
  return new AppError('bad_usage', `${what} is larger than 8 MiB.`);
}
