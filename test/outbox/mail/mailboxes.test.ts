/** Mailboxes that fail behind a relay that works: each waits alone. */
import test, { type ExecutionContext } from 'ava';
import { cliOf } from '../../kit/cli.ts';
import { openMailbox } from '../../kit/mailbox.ts';
import { makeHome, startHome } from '../../kit/service.ts';

/** The full mailboxes are those that begin with `full`; `later@…` is greylisted for 15 minutes. */
async function openShop(t: ExecutionContext) {
  const refusal = (address: string): [number, string] | undefined => {
    if (address.startsWith('full')) return [452, '4.2.2 mailbox full'];
    return address.startsWith('later') ? [451, '4.7.1 greylisted, come back in 00:15:00'] : undefined;
  };
  const mailbox = await openMailbox(t, {
    onRcptTo: ({ address }, _, done) => {
      const [responseCode, message] = refusal(address) ?? [];
      done(message === undefined ? undefined : Object.assign(new Error(message), { responseCode }));
    },
  });
  const home = makeHome(t, {
    env: { SMTP_URL: `smtp://127.0.0.1:${mailbox.port}`, MAIL_FROM: 'licenses@example.com' },
  });
  // Makes the keys.
  await (await startHome(t, home)).stop();
  const cli = cliOf(home);
  const sell = async (email: string) => {
    const { status, err } = await cli(['issue', 'app', '--order', email, '--email', email]);
    t.is(status, 0, err);
  };
  return { cli, home, mailbox, sell, run: () => cli(['outbox', 'run', '--once']) };
}

test('customers with full mailboxes delay nobody else', async (t) => {
  const { sell, run, mailbox } = await openShop(t);
  for (const place of [0, 1, 2, 3, 4, 5]) await sell(`full-${place}@example.com`);
  t.regex((await run()).out, /6 failed/);
  await sell('ada@example.com');
  t.regex((await run()).out, /1 sent/);
  t.deepEqual(
    mailbox.mails.map(({ to }) => to),
    [['ada@example.com']],
  );
});

test('a server that says how long to wait is asked again then, and not by the schedule', async (t) => {
  const { sell, run, cli, home } = await openShop(t);
  await sell('later@example.com');
  await run();
  const { announcements } = JSON.parse((await cli(['outbox', 'list', '--json'])).out);
  t.is(Date.parse(announcements[0].due), home.clock.now + 15 * 60_000);
});
