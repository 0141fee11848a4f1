/** A released version, from the history of the project, installed in a folder of its own. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Released } from './versions.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const NODE = join(ROOT, 'node_modules/node/bin');

/** Makes the tarball of the commit, unpacks it, and installs its packages. Returns the folder. */
export function installVersion({ version, commit }: Released, folder: string): string {
  const root = installCommit(commit, folder);
  const manifest: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  if (manifest.version !== version) throw new Error(`${commit} is ${manifest.version}, and not ${version}`);
  return root;
}

/** The same for any commit. */
export function installCommit(commit: string, folder: string): string {
  const tarball = join(folder, `mintmark-${commit}.tar`);
  try {
    execFileSync('git', ['archive', '--output', tarball, commit], { cwd: ROOT, stdio: 'pipe' });
  } catch (cause) {
    throw new Error(`The commit ${commit} is not here: git fetch --unshallow`, { cause });
  }
  const root = join(folder, commit);
  mkdirSync(root);
  execFileSync('tar', ['-xf', tarball, '-C', root]);
  const words = ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  const env = { ...process.env, PATH: `${NODE}${delimiter}${process.env['PATH']}` };
  const { status, stderr } = spawnSync('npm', words, { cwd: root, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm ${words.join(' ')} ended with ${status}: ${stderr}`);
  return root;
}
