/** Relays that fail in every way: real SMTP servers, and servers that only look like one. */
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { Owner } from '../../kit/service.ts';
import type { RelayBehavior } from './report.ts';

export interface BadRelay {
  readonly port: number;
  /** The Message-IDs of the mails that came whole. */
  readonly copies: string[];
  /** From now on it takes everything. */
  repair(): void;
}

const failing = (responseCode: number, message: string) =>
  Object.assign(new Error(message), { responseCode });

/** `patience`: of the client, in milliseconds. */
export async function startRelay(owner: Owner, behavior: RelayBehavior, patience: number): Promise<BadRelay> {
  const copies: string[] = [];
  let isGood = behavior === 'good';
  let tried = 0;
  const unless = (fault: Error | undefined) => (isGood ? undefined : fault);
  const at = (...behaviors: readonly RelayBehavior[]) => !isGood && behaviors.includes(behavior);
  const options: SMTPServerOptions = {
    authOptional: behavior !== 'refuses the log-in',
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onConnect: (_, done) => done(at('is busy') ? failing(421, 'busy') : undefined),
    onAuth: (_, __, done) =>
      at('refuses the log-in') ? done(failing(535, 'no such user')) : done(null, { user: 'x' }),
    onMailFrom: (_, __, done) =>
      done(at('refuses the sender') ? failing(550, '5.7.1 the sender is not verified') : undefined),
    onRcptTo: (_, __, done) => {
      if (at('greylists')) return done(failing(451, '4.7.1 greylisted'));
      if (at('denies relaying')) return done(failing(554, '5.7.1 Relay access denied'));
      if (at('refuses the address')) return done(failing(550, '5.1.1 no such user'));
      tried += 1;
      return done(at('recovers') && tried <= 2 ? failing(450, '4.2.0 later') : undefined);
    },
    onData: (stream, session, done) => {
      let text = '';
      stream.on('data', (piece: Buffer) => {
        text += piece.toString('latin1');
      });
      stream.on('end', async () => {
        copies.push(/^Message-ID: (\S+)/im.exec(text)?.[1] ?? '');
        if (at('late')) await wait(patience + 500);
        if (at('breaks off after the mail')) return sockets.get(session.remotePort)?.destroy();
        return done(unless(behavior === 'refuses the content' ? failing(554, '5.6.0 spam') : undefined));
      });
    },
  };
  const sockets = new Map<number, Socket>();
  const server = at('never', 'garbage')
    ? oddServer(behavior, () => isGood, options)
    : new SMTPServer(options);
  const tcp: Server = server instanceof SMTPServer ? server.server : server;
  tcp.on('connection', (socket: Socket) => {
    sockets.set(socket.remotePort ?? 0, socket);
    socket.on('error', () => {});
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  owner.teardown(() => {
    for (const socket of sockets.values()) socket.destroy();
    server.close();
  });
  const address = tcp.address();
  if (address === null || typeof address === 'string') throw new Error('the relay has no port');
  const repair = () => {
    isGood = true;
  };
  return { port: address.port, copies, repair };
}

/** Silent, or talks nonsense, until it is good: then it hands its connections to a real server. */
function oddServer(behavior: RelayBehavior, isGood: () => boolean, options: SMTPServerOptions): Server {
  const real = new SMTPServer(options);
  return createServer((socket) => {
    if (isGood()) real.server.emit('connection', socket);
    else if (behavior === 'garbage') socket.write('\u0000\u0001 <html>\r\n'.repeat(50));
  });
}
