/** The keys of an endpoint in webhooks.yaml, their values, and the messages for their faults. */
import { isIP } from 'node:net';
import { z } from 'zod';
import { choice, line, nameList, shown } from '../../catalog/values.ts';
import { WEBHOOK_TOPICS } from '../../domain/values/announcement.ts';
import { isLoopbackHost, isPublicAddress } from './public-address.ts';

/** A ping is only sent on request. */
const ASKED_TOPICS = WEBHOOK_TOPICS.filter((topic) => topic !== 'ping');

const LONGEST_URL = 2000;
const MOST_SECRETS = 5;

const flag = choice(['on', 'off']).transform((text) => text === 'on');

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, {
  error: (issue) =>
    `${shown(issue.input)} is not a name: use up to 63 of a-z, 0-9 and -, beginning with a letter or digit`,
});

const url = line(LONGEST_URL).transform((text, context): URL => {
  const parsed = URL.parse(text);
  const fault =
    parsed === null ? 'is not an address such as https://crm.example.com/mintmark' : faultOf(parsed);
  if (parsed !== null && fault === undefined) return parsed;
  context.addIssue(fault ?? '');
  return z.NEVER;
});

function faultOf({ protocol, username, password, hash }: URL): string | undefined {
  if (protocol !== 'https:' && protocol !== 'http:') return 'must begin with https://';
  if (username !== '' || password !== '')
    return 'has a user name or password in it: the signature proves who sends, take them out';
  return hash === '' ? undefined : 'has a # in it, which is never sent: take it out';
}

const topics = z.preprocess(
  (value) => (typeof value === 'string' ? [value] : value),
  z
    .array(choice(ASKED_TOPICS))
    .min(1, 'is empty: name at least one topic')
    .superRefine((list, context) => {
      for (const [index, topic] of list.entries()) {
        if (list.indexOf(topic) < index)
          context.addIssue({ code: 'custom', path: [index], message: `${shown(topic)} is there twice` });
      }
    }),
);

const secretNames = (each: z.ZodType<string, string>) =>
  nameList(200).pipe(z.array(each).max(MOST_SECRETS, `has more than ${MOST_SECRETS}`));

const variable = z.string().regex(/^[A-Za-z_]\w*$/, {
  error: (issue) => `${shown(issue.input)} is not the name of an environment variable`,
});

export const endpointKeys = z
  .strictObject({
    name,
    url,
    secret_env: secretNames(variable).exactOptional(),
    secret_file: secretNames(z.string()).exactOptional(),
    topics,
    mode: choice(['live', 'test']).default('live'),
    personal: flag.default(false),
    private: flag.default(false),
  })
  .superRefine((endpoint, context) => {
    const add = (key: string, message: string) => {
      context.addIssue({ code: 'custom', path: [key], message });
    };
    const { secret_env: variables, secret_file: files } = endpoint;
    if (variables === undefined && files === undefined)
      context.addIssue({
        code: 'custom',
        path: [],
        message: 'has no secret: name an environment variable with secret_env, or a file with secret_file',
      });
    if (variables !== undefined && files !== undefined)
      add('secret_file', 'secret_env is there too: leave one of them out');
    for (const [key, message] of reachFaults(endpoint)) add(key, message);
  });

interface Reach {
  readonly url: URL;
  readonly personal: boolean;
  readonly private: boolean;
}

/** What of address and switches does not fit. */
function* reachFaults({
  url,
  personal,
  private: isPrivate,
}: Reach): Generator<[key: string, message: string]> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (url.protocol === 'http:') {
    if (personal) yield ['personal', 'names and addresses leave only over https: turn it off, or use https'];
    if (!isLoopbackHost(host)) yield ['url', 'must begin with https://: http is only for this computer'];
    else if (!isPrivate) yield ['url', 'is http, which is only for this computer: say private: on'];
  } else if (!isPrivate && (isLoopbackHost(host) || (isIP(host) !== 0 && !isPublicAddress(host)))) {
    yield ['url', 'is not an address of the public internet: if that is meant, say private: on'];
  }
}

export const webhooksFile = z.strictObject({
  endpoints: z.array(endpointKeys).superRefine((list, context) => {
    for (const [index, { name }] of list.entries()) {
      if (list.findIndex((other) => other.name === name) < index)
        context.addIssue({ code: 'custom', path: [index, 'name'], message: `${shown(name)} is there twice` });
    }
  }),
});

/** The keys that are known at a place such as `endpoints[0]`. */
export function knownKeysAt(place: string): readonly string[] {
  return Object.keys(place === '' ? webhooksFile.shape : endpointKeys.shape);
}
