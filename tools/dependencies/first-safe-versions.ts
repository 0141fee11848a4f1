/**
 * The first versions of packages in our tree without known vulnerabilities. Each advisory is one of GitHub's
 * (github.com/advisories/ID) and was looked up. Add a line for each new one; a test checks the lockfile offline.
 */

export interface FirstSafe {
  readonly name: string;
  /** One for each major version with a fix: 2.3.2 and 4.0.4. */
  readonly versions: readonly string[];
  readonly advisory: string;
  readonly hole: string;
}

export const FIRST_SAFE_VERSIONS: readonly FirstSafe[] = [
  // Run-time packages of the service.
  of('formidable', '3.5.3', 'GHSA-75v8-2h7p-7m2m', 'names of uploads can be guessed'),
  of('koa', '2.16.4 3.1.2', 'GHSA-7gcc-r8m5-44qm', 'a Host header with an @ passes for another host'),
  of('liquidjs', '10.27.1', 'GHSA-g357-x5c3-c72p', 'a filter evades the memory limit'),
  of('marked', '18.0.2', 'GHSA-6v9c-7cg6-27q7', 'endless recursion fills the memory'),
  of('path-to-regexp', '8.4.0', 'GHSA-j3q9-mxjg-w52f', 'a route with optional groups blocks the process'),
  of('qs', '6.16.0', 'GHSA-4mjr-xmp4-gh2g', 'a parameter named isBuffer stops the process'),
  of('yaml', '2.8.3', 'GHSA-48c2-rrv3-qjmp', 'deep nesting overflows the stack'),
  of('zod', '3.22.3', 'GHSA-m95q-7qp3-xv42', 'an e-mail address blocks the process'),
  // Packages of the build and the tests, and base-x, on which the verifier can be built.
  of('ajv', '6.14.0 8.18.0', 'GHSA-2g4f-4pwh-qvx6', 'a pattern from data blocks the process'),
  of('base-x', '3.0.11 4.0.1 5.0.1', 'GHSA-xq7p-g2vc-g82p', 'a look-alike character decodes'),
  of('brace-expansion', '5.0.9', 'GHSA-rgw5-rvv9-x895', 'a short pattern fills the memory'),
  of('braces', '3.0.3', 'GHSA-grv7-fg5c-xmjg', 'a pattern fills the memory'),
  of('chalk', '5.6.2', 'GHSA-2v46-p5h4-248w', '5.6.1 was published by a thief'),
  of('cross-spawn', '7.0.5', 'GHSA-3xgq-45jj-v275', 'an argument blocks the process'),
  of('debug', '4.4.3', 'GHSA-8mgj-vmr8-frr6', '4.4.2 was published by a thief'),
  of('esbuild', '0.25.0', 'GHSA-67mh-4wv8-2f99', 'any web page can read from its server'),
  of('fast-uri', '3.1.6 4.1.3', 'GHSA-5jgf-p345-68v8', 'an address passes for another host'),
  of('form-data', '4.0.6', 'GHSA-hmw2-7cc7-3qxx', 'a line end in a name adds a header'),
  of('glob', '10.5.0 11.1.0', 'GHSA-5j98-mcp5-4vw2', 'a file name runs as a command'),
  of('js-yaml', '3.15.1 4.3.1', 'GHSA-5p4m-2wfm-xmqj', 'a list blocks the process'),
  of('lodash', '4.18.0', 'GHSA-r5fr-rjxr-66jc', 'a template runs code'),
  of('minimatch', '10.2.3', 'GHSA-23c5-xmqv-rm74', 'a pattern blocks the process'),
  of('picomatch', '2.3.2 4.0.4', 'GHSA-c2c7-rcm5-vvqj', 'a pattern blocks the process'),
  of('semver', '5.7.2 6.3.1 7.5.2', 'GHSA-c2qf-rxjj-qqgw', 'a range blocks the process'),
  of('tar', '7.5.21', 'GHSA-r292-9mhp-454m', 'a long path overflows the stack'),
  of('underscore', '1.13.8', 'GHSA-qpx9-hpmf-5gmw', 'deep nesting overflows the stack'),
];

function of(name: string, versions: string, advisory: string, hole: string): FirstSafe {
  return { name, versions: versions.split(' '), advisory, hole };
}
