/** Passes connections to PostgreSQL's usual address on to a socket: `node relay.ts SOCKET`. */
import { createServer, connect as dial } from 'node:net';

const [, , path = ''] = process.argv;

createServer((client) => {
  const server = dial(path);
  client.on('error', () => server.destroy()).pipe(server);
  server.on('error', () => client.destroy()).pipe(client);
}).listen(5432, '127.0.0.1');
