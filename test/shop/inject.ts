/** Calls a request listener without a socket, with Node.js' own request and response objects. */
import { IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

export interface Post {
  readonly path: string;
  /** Names in lower case, as in Node.js. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly text: string;
}

/** Resolves to the whole reply after the response has finished. */
export function inject(listener: RequestListener, { path, headers, body }: Post): Promise<Reply> {
  const request = new IncomingMessage(new Socket());
  request.method = 'POST';
  request.url = path;
  request.headers = { 'content-length': String(Buffer.byteLength(body)), ...headers };
  request.push(body);
  request.push(null);
  // Otherwise Node.js considers it aborted, and makes an error for each request.
  request.complete = true;
  const response = new ServerResponse(request);
  return new Promise((resolve) => {
    response.end = (chunk?: unknown) => {
      const text = Buffer.isBuffer(chunk) || typeof chunk === 'string' ? String(chunk) : '';
      setImmediate(() => {
        response.emit('finish');
        response.emit('close');
        resolve({ status: response.statusCode, text });
      });
      return response;
    };
    listener(request, response);
  });
}
