/** `mintmark webhooks list|test`: the endpoints of webhooks.yaml. */
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { webhookBody } from '../domain/values/announcement.ts';
import { AppError } from '../errors.ts';
import type { Endpoint } from '../outbox/webhook/endpoint.ts';
import { readSecrets } from '../outbox/webhook/endpoint-secrets.ts';
import { loadEndpoints } from '../outbox/webhook/endpoints-file.ts';
import { createPost } from '../outbox/webhook/post.ts';
import { triedOf, webhookHeaders } from '../outbox/webhook/webhook-channel.ts';
import { RUN } from '../service/command.ts';
import { type CliContext, commandIn, printJson } from './context.ts';
import { printable } from './printable.ts';

interface Options {
  readonly json?: true;
}

export function webhooksCommand(context: CliContext): Command {
  const command = commandIn(context, 'webhooks').description('endpoints that are told of changes');
  command
    .command('list')
    .description('show the endpoints of webhooks.yaml, after a check of the file')
    .option('--json', 'print a list of {name, url, mode, topics, personal, private}')
    .action((options: Options) => list(context, options));
  command
    .command('test')
    .description('send a ping to an endpoint now, and print what it answers')
    .argument('<name>', 'the name of the endpoint')
    .option('--json', 'print {endpoint, outcome, answer}')
    .addHelpText(
      'after',
      `
The ping is signed as every webhook is, and tells nothing about anybody.

Example:
  $ ${RUN} webhooks test crm`,
    )
    .action((name: string, options: Options) => test(context, name, options));
  return command;
}

async function list(context: CliContext, { json }: Options): Promise<void> {
  const { webhooksFile } = context.config();
  const endpoints = await loadEndpoints(webhooksFile);
  if (json) {
    printJson(
      context,
      endpoints.map(({ name, url, mode, topics, personal, private: isPrivate }) => ({
        ...{ name, url: shownUrl(url), mode, topics, personal, private: isPrivate },
      })),
    );
    return;
  }
  if (endpoints.length === 0)
    context.stdout(`There is no endpoint: ${webhooksFile} would name them (docs/webhooks.md).\n`);
  for (const endpoint of endpoints) context.stdout(`${lineOf(endpoint)}\n`);
}

function lineOf({ name, url, mode, topics, personal, private: isPrivate }: Endpoint): string {
  const switches = [...(personal ? ['personal'] : []), ...(isPrivate ? ['private'] : [])];
  return [name, printable(shownUrl(url)), [mode, ...switches].join(', '), topics.join(' ')].join('  ');
}

/** A query often holds a secret of the receiver. */
function shownUrl({ origin, pathname, search }: URL): string {
  return `${origin}${pathname}${search === '' ? '' : '?…'}`;
}

async function test(context: CliContext, name: string, { json }: Options): Promise<void> {
  const config = context.config();
  const endpoints = await loadEndpoints(config.webhooksFile);
  const endpoint = endpoints.find((each) => each.name === name);
  if (endpoint === undefined) {
    const known = endpoints.map((each) => each.name).join(', ');
    throw new AppError(
      'not_found',
      `There is no endpoint ${printable(name)}.${known === '' ? '' : ` There are: ${known}.`}`,
    );
  }
  const secrets = readSecrets([endpoint], config.variable, config.webhooksFile).get(name);
  if (secrets === undefined) throw new TypeError(`no secret was read for ${name}`);
  const tried = await ping(endpoint, secrets, context.now());
  const answer = 'answer' in tried ? tried.answer : '';
  const sent = tried.outcome === 'sent';
  if (json) printJson(context, { endpoint: name, outcome: sent ? 'sent' : 'failed', answer });
  else if (sent) context.stdout(`${name} took the ping: ${printable(answer)}\n`);
  if (!sent)
    throw new AppError('not_found', json ? '' : `${name} did not take the ping: ${printable(answer)}`);
}

async function ping(
  endpoint: Endpoint,
  secrets: Parameters<typeof webhookHeaders>[0]['secrets'],
  now: number,
) {
  const body = webhookBody('ping', endpoint.mode, { at: now, data: { endpoint: endpoint.name } }, 0);
  const headers = webhookHeaders({ id: randomUUID(), body, secrets, now });
  return triedOf(
    await createPost()(endpoint, { headers, body }, new AbortController().signal),
    now,
    endpoint,
  );
}
