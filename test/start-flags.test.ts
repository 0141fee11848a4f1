/** Each way to start the service gives Node.js the same flags. */
import { readFileSync } from 'node:fs';
import test from 'ava';

/** Where the service is started, or measured as it is started. */
const PLACES = ['package.json', 'Dockerfile', 'src/cli/start.ts', 'bench/server-process.ts'];

/** The flags for V8 in each line or list that sets the size of the young heap. */
function flagsIn(text: string): readonly string[] {
  return [...text.matchAll(/(?:--[a-z-]+(?:=\d+)?['", \n]+)*--max-semi-space-size=\d+/g)].map(([flags]) =>
    flags.replaceAll(/['", \n]+/g, ' '),
  );
}

const FLAGS =
  '--no-allocation-site-pretenuring --no-parallel-scavenge --min-semi-space-size=8 --max-semi-space-size=64';

test('npm start, the image, mintmark start and the bench give Node.js the same flags', (t) => {
  for (const place of PLACES) t.deepEqual([...new Set(flagsIn(readFileSync(place, 'utf8')))], [FLAGS], place);
  t.deepEqual(
    flagsIn("['--max-semi-space-size=16', '--import']"),
    ['--max-semi-space-size=16'],
    'the control',
  );
});
