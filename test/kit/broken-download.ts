/** A download that breaks off again and again, and goes on where it was, as a browser or curl does. */
import { get, type IncomingMessage } from 'node:http';

export interface BrokenOff {
  /** Below the service's address. */
  readonly url: string;
  /** How many bytes are there when a try breaks off, ascending. */
  readonly breaks: readonly number[];
}

export interface Fetched {
  readonly bytes: Buffer;
  readonly tries: number;
  /** Tries that were answered with the whole file, though a part was there. */
  readonly anew: number;
  /** ETags of all answers. */
  readonly tags: ReadonlySet<string>;
}

/** Fetches to the end; each try breaks off once so many bytes are there, and the next one asks for the rest. */
export async function fetchBrokenOff({ url, breaks }: BrokenOff): Promise<Fetched> {
  let have = Buffer.alloc(0);
  const tags = new Set<string>();
  let [tries, anew] = [0, 0];
  let tag: string | undefined;
  for (const end of [...breaks, Number.POSITIVE_INFINITY]) {
    tries += 1;
    const answer = await ask(url, {
      ...(have.length > 0 && { Range: `bytes=${have.length}-` }),
      ...(have.length > 0 && tag !== undefined && { 'If-Range': tag }),
    });
    const { statusCode, headers } = answer;
    if (statusCode !== 200 && statusCode !== 206) throw new Error(`try ${tries} was answered ${statusCode}`);
    if (statusCode === 200 && have.length > 0) anew += 1;
    if (statusCode === 200) have = Buffer.alloc(0);
    tag = headers.etag;
    tags.add(tag ?? '');
    have = Buffer.concat([have, await read(answer, end - have.length)]);
  }
  return { bytes: have, tries, anew, tags };
}

function ask(url: string, headers: Readonly<Record<string, string>>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { headers, agent: false }, resolve).on('error', reject);
  });
}

/** At most so many bytes, then the connection is cut. */
function read(answer: IncomingMessage, most: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let length = 0;
    const done = () =>
      resolve(Buffer.concat(pieces).subarray(0, most === Number.POSITIVE_INFINITY ? undefined : most));
    answer.on('data', (piece: Buffer) => {
      pieces.push(piece);
      length += piece.length;
      if (length < most) return;
      answer.removeAllListeners('error').on('error', () => {});
      answer.destroy();
      done();
    });
    answer.on('end', done);
    answer.on('error', reject);
  });
}
