/** A relay for the pages that send mails: it takes everything at 127.0.0.1:1025, and ends with the shell that began it. */
import { SMTPServer } from 'smtp-server';

let taken = 0;
const parent = process.ppid;
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  disableReverseLookup: true,
  onData: (stream, _, done) => {
    stream.resume().on('end', () => {
      taken += 1;
      done(null, `2.0.0 taken as ${taken}`);
    });
  },
});
server.listen(1025, '127.0.0.1');
setInterval(() => {
  if (process.ppid !== parent) process.exit();
}, 500);
