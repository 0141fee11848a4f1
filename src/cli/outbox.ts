/** `mintmark outbox`: what leaves the service: mails, webhooks, and what became of them. */
import type { Command } from 'commander';
import { type CliContext, commandIn } from './context.ts';
import { addOutboxDrop } from './outbox-drop.ts';
import { addOutboxList } from './outbox-list.ts';
import { addOutboxPause } from './outbox-pause.ts';
import { addOutboxRun } from './outbox-run.ts';
import { addOutboxSend } from './outbox-send.ts';
import { addOutboxShow } from './outbox-show.ts';

export function outboxCommand(context: CliContext): Command {
  const outbox = commandIn(context, 'outbox').description(
    'list, send again, drop, pause and run what is announced by mail and webhook',
  );
  addOutboxList(outbox, context);
  addOutboxShow(outbox, context);
  addOutboxSend(outbox, context);
  addOutboxDrop(outbox, context);
  addOutboxPause(outbox, context);
  addOutboxRun(outbox, context);
  return outbox;
}
