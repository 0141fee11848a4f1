/** The manifest of the published package, made from the project's own. */

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly type: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/**
 * Without the package `node`, which brings Node.js 24 to a checkout: whoever installs the package runs it on a
 * Node.js of their own, which `engines` requires. Without scripts, development packages and `private`.
 */
export function publishedManifest({
  name,
  version,
  description,
  license,
  type,
  dependencies,
}: Manifest): object {
  const { node: _node, ...runtime } = dependencies;
  return {
    name,
    version,
    description,
    license,
    type,
    bin: { mintmark: 'dist/mintmark/src/cli/bin.js' },
    files: ['dist/mintmark', 'docs', 'CHANGELOG.md', 'SECURITY.md'],
    engines: { node: '>=24' },
    dependencies: runtime,
  };
}
