/** Runs the command line over a home; returns the output and the exit status. */
import { runCli } from '../../src/cli/run.ts';
import type { Config } from '../../src/service/config.ts';
import type { Home } from './service.ts';

export interface Said {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

export interface Around {
  readonly stdin?: string;
  /** Replaces the home's settings. */
  readonly config?: () => Config;
}

export type Cli = (words: readonly string[], around?: Around) => Promise<Said>;

export function cliOf({ config, clock }: Pick<Home, 'config' | 'clock'>): Cli {
  return async (words, { stdin = '', config: other } = {}) => {
    const said = { out: '', err: '' };
    const status = await runCli(words, {
      env: {},
      stdout: (text) => {
        said.out += text;
      },
      stderr: (text) => {
        said.err += text;
      },
      stdin: piecesOf(stdin),
      now: () => clock.now,
      clock: 'given',
      config: other ?? (() => config),
    });
    return { status, ...said };
  };
}

/** In small chunks like a pipe's, which split characters. */
async function* piecesOf(text: string): AsyncIterable<Uint8Array> {
  const bytes = Buffer.from(text);
  const size = Math.max(7, Math.ceil(bytes.length / 100));
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
