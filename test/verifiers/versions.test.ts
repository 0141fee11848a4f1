import { readFileSync } from 'node:fs';
import test from 'ava';

/** Where the package of each language says its version. */
const VERSIONS: Readonly<Record<string, RegExp>> = {
  'c/CMakeLists.txt': /^project\(mintmark VERSION (\S+) /m,
  'csharp/Mintmark.Verify.csproj': /<Version>(.+)<\/Version>/,
  'java/pom.xml': /^ {2}<version>(.+)<\/version>$/m,
  'python/mintmark.py': /^__version__ = "(.+)"$/m,
  'ruby/mintmark.rb': /^ *VERSION = '(.+)'$/m,
  'rust/Cargo.toml': /^version = "(.+)"$/m,
};

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

for (const [file, pattern] of Object.entries(VERSIONS)) {
  test(`${file} has the version of package.json`, (t) => {
    t.is(pattern.exec(readFileSync(`verifiers/${file}`, 'utf8'))?.[1], version);
  });
}
