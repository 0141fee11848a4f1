/** A stand-in for a store that speaks S3: it checks each signature by its own reading of AWS Signature Version 4. */
import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Owner } from './service.ts';

export const BUCKET_KEYS = {
  id: 'AKIDEXAMPLE0000000',
  secret: 'wJalrXUtnFEMI-K7MDENG-bPxRfiCYEXAMPLEKEY',
} as const;

export interface StandIn {
  readonly url: string;
  /** By key, with the bucket's name in front. */
  readonly objects: Map<string, Buffer>;
  /** What was asked, as `GET /bucket/key`, and the status. */
  readonly asked: { readonly what: string; readonly status: number }[];
  /** Keys of a page of a listing. */
  pageSize: number;
  /** What every request is answered with: a status, or never anything. */
  fault: number | 'silence' | undefined;
}

/** Milliseconds by which a clock may differ. */
const SKEW = 15 * 60_000;

export async function openBucket(owner: Owner): Promise<StandIn> {
  const bucket: StandIn & { url: string } = {
    ...{ objects: new Map(), asked: [], pageSize: 2, fault: undefined, url: '' },
  };
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces);
    if (bucket.fault === 'silence') return;
    if (bucket.fault !== undefined) {
      response.writeHead(bucket.fault).end('<Error><Code>AccessDenied</Code></Error>');
      return;
    }
    const url = new URL(request.url ?? '/', 'http://bucket');
    const answer = isSigned(request, url, body)
      ? act(bucket, request, url, body)
      : { status: 403, text: '<Error><Code>SignatureDoesNotMatch</Code></Error>' };
    bucket.asked.push({ what: `${request.method} ${url.pathname}`, status: answer.status });
    response.writeHead(answer.status, answer.headers);
    response.end(request.method === 'HEAD' ? undefined : (answer.bytes ?? answer.text));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  owner.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  bucket.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return bucket;
}

interface Answered {
  readonly status: number;
  readonly headers?: Record<string, string | number>;
  readonly bytes?: Buffer;
  readonly text?: string;
}

function act(bucket: StandIn, request: IncomingMessage, url: URL, body: Buffer): Answered {
  const key = decodeURIComponent(url.pathname.slice(1));
  if (url.searchParams.get('list-type') === '2') return list(bucket, key, url.searchParams);
  if (request.method === 'PUT') {
    bucket.objects.set(key, body);
    return { status: 200, headers: { ETag: tagOf(body) } };
  }
  const bytes = bucket.objects.get(key);
  if (bytes === undefined) return { status: 404, text: '<Error><Code>NoSuchKey</Code></Error>' };
  const disposition = url.searchParams.get('response-content-disposition');
  const headers = {
    ETag: tagOf(bytes),
    ...(disposition !== null && { 'Content-Disposition': disposition }),
  };
  if (request.method === 'HEAD')
    return { status: 200, headers: { ...headers, 'Content-Length': bytes.length } };
  const [, first] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
  return first === undefined
    ? { status: 200, headers, bytes }
    : { status: 206, headers, bytes: bytes.subarray(Number(first)) };
}

function list({ objects, pageSize }: StandIn, bucket: string, query: URLSearchParams): Answered {
  const prefix = `${bucket}/${query.get('prefix') ?? ''}`;
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  const from = Number(query.get('continuation-token') ?? 0);
  const page = keys.slice(from, from + pageSize);
  const more = from + pageSize < keys.length;
  const contents = page.map(
    (key) =>
      `<Contents><Key>${encodeURIComponent(key.slice(bucket.length + 1)).replaceAll('%2F', '/')}</Key></Contents>`,
  );
  const next = more ? `<NextContinuationToken>${from + pageSize}</NextContinuationToken>` : '';
  return {
    status: 200,
    text: `<?xml version="1.0"?><ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`,
  };
}

function tagOf(bytes: Buffer): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}

const hash = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

interface Claimed {
  readonly credential: string;
  readonly signedHeaders: string;
  readonly signature: string;
  readonly date: string;
  readonly payload: string;
  /** Seconds; undefined: signed in a header. */
  readonly expires: number | undefined;
}

/** By its header `Authorization`, or by its query (docs.aws.amazon.com, Authenticating Requests: query parameters). */
function claimOf({ headers }: IncomingMessage, query: URLSearchParams): Claimed | undefined {
  if (query.has('X-Amz-Signature')) {
    const of = (name: string) => query.get(`X-Amz-${name}`) ?? '';
    return {
      ...{ credential: of('Credential'), signedHeaders: of('SignedHeaders'), signature: of('Signature') },
      ...{ date: of('Date'), payload: 'UNSIGNED-PAYLOAD', expires: Number(of('Expires')) },
    };
  }
  const [, credential, signedHeaders, signature] =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]+)$/.exec(
      headers.authorization ?? '',
    ) ?? [];
  if (credential === undefined || signedHeaders === undefined || signature === undefined) return undefined;
  const [date, payload] = [headers['x-amz-date'], headers['x-amz-content-sha256']].map(String);
  return {
    credential,
    signedHeaders,
    signature,
    date: date ?? '',
    payload: payload ?? '',
    expires: undefined,
  };
}

export function isSigned(request: IncomingMessage, url: URL, body: Buffer, now = Date.now()): boolean {
  const claim = claimOf(request, url.searchParams);
  if (claim === undefined) return false;
  const { credential, signedHeaders, signature, date, payload, expires } = claim;
  const [id, day = '', region = '', service = '', end = ''] = credential.split('/');
  const at = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (id !== BUCKET_KEYS.id || service !== 's3' || end !== 'aws4_request' || !date.startsWith(day))
    return false;
  if (at > now + SKEW || now > at + (expires === undefined ? SKEW : expires * 1000)) return false;
  if (payload !== 'UNSIGNED-PAYLOAD' && payload !== hash(body)) return false;
  const query = [...url.searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort();
  const names = signedHeaders.split(';');
  const canonical = [
    request.method,
    // S3 signs the path as it is sent.
    url.pathname,
    query.join('&'),
    ...names.map((name) => `${name}:${String(request.headers[name] ?? '').trim()}`),
    '',
    signedHeaders,
    payload,
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', date, `${day}/${region}/${service}/${end}`, hash(canonical)].join('\n');
  const key = [day, region, service, end].reduce<Buffer | string>(hmac, `AWS4${BUCKET_KEYS.secret}`);
  return names.includes('host') && hmac(key, text).toString('hex') === signature;
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
