/** Reads the endpoints of `webhooks.yaml`: loaded where there is such a file. */
import { explainIssue } from '../../catalog/explain-issue.ts';
import { type Fault, readText } from '../../catalog/fault.ts';
import { readYaml, type YamlLines } from '../../catalog/yaml-lines.ts';
import type { Endpoint, SecretSource } from './endpoint.ts';
import { knownKeysAt, webhooksFile } from './endpoint-keys.ts';

type Read = { readonly endpoints: readonly Endpoint[] } | { readonly faults: readonly Fault[] };

/** Returns all faults at once. */
export function readEndpoints(bytes: Uint8Array): Read {
  const text = readText(bytes);
  if (typeof text !== 'string') return { faults: [text] };
  const lines = readYaml(text, 1);
  if (!('content' in lines)) return { faults: lines };
  const parsed = webhooksFile.safeParse(lines.content);
  if (parsed.success) {
    return { endpoints: parsed.data.endpoints.map((given, index) => endpointOf(given, index, lines)) };
  }
  const faults = parsed.error.issues
    .flatMap((issue) => explainIssue(issue, knownKeysAt, 'the file'))
    .map(({ path, message }) => ({ line: lines.lineOf(path) ?? 1, message }));
  return { faults };
}

type Given = ReturnType<typeof webhooksFile.parse>['endpoints'][number];

function endpointOf(given: Given, index: number, lines: YamlLines): Endpoint {
  const { secret_env: variables, secret_file: files = [], ...endpoint } = given;
  const key = variables === undefined ? 'secret_file' : 'secret_env';
  const [first, ...others]: readonly SecretSource[] =
    variables?.map((variable) => ({ variable })) ?? files.map((file) => ({ file }));
  if (first === undefined) throw new TypeError(`endpoint ${endpoint.name} has no secret`);
  return {
    ...endpoint,
    secrets: [first, ...others],
    secretLine: lines.lineOf(['endpoints', index, key]) ?? 1,
  };
}
