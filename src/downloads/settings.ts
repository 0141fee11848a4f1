/** The settings of downloads: a folder, or a bucket with its address and keys. */
import { z } from 'zod';
import { secret } from '../marketplaces/secret.ts';

export interface Bucket {
  /** Its address: `https://s3.eu-central-1.amazonaws.com`. */
  readonly endpoint: string;
  readonly region: string;
  readonly name: string;
  /** Without slashes at its ends; empty: none. */
  readonly prefix: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export type DownloadPlace = { readonly folder: string } | { readonly bucket: Bucket };

const endpoint = z.string().transform((text, context): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLocal = url !== undefined && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url !== undefined && (url.protocol === 'https:' || isLocal) && url.search === '' && url.username === '')
    return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  context.addIssue(
    'write https:// and the address of the store, such as https://s3.eu-central-1.amazonaws.com',
  );
  return z.NEVER;
});

export const DOWNLOAD_SETTINGS = {
  DOWNLOADS: z
    .string()
    .min(1, 'is empty: give a folder or s3://bucket/prefix, or leave the setting out')
    .refine(
      (text) => !text.includes('://') || /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[\w.+/-]*)?$/.test(text),
      'write a folder, or s3://bucket/prefix',
    )
    .optional(),
  S3_ENDPOINT: endpoint.optional(),
  S3_REGION: z
    .string()
    .regex(/^[a-z0-9-]+$/, 'write a region, such as eu-central-1, or auto')
    .optional(),
  S3_ACCESS_KEY_ID: secret.optional(),
  S3_SECRET_ACCESS_KEY: secret.optional(),
} as const;

export const DOWNLOAD_FROM_FILE = ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const;

type Given = z.infer<z.ZodObject<typeof DOWNLOAD_SETTINGS>>;

/** Undefined: DOWNLOADS is not set, so the default folder is meant. */
export function readDownloads(given: Given): DownloadPlace | { readonly fault: string } | undefined {
  const { DOWNLOADS, S3_ENDPOINT, S3_REGION, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = given;
  if (DOWNLOADS === undefined) return undefined;
  if (!DOWNLOADS.startsWith('s3://')) return { folder: DOWNLOADS };
  if (S3_ACCESS_KEY_ID === undefined || S3_SECRET_ACCESS_KEY === undefined)
    return { fault: 'DOWNLOADS: a bucket needs S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY' };
  const region = S3_REGION ?? (S3_ENDPOINT === undefined ? undefined : 'auto');
  if (region === undefined) return { fault: 'DOWNLOADS: a bucket needs S3_REGION, or S3_ENDPOINT' };
  const [, name = '', prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(DOWNLOADS) ?? [];
  return {
    bucket: {
      ...{ name, region, prefix: prefix.replace(/\/+$/, '') },
      endpoint: S3_ENDPOINT ?? `https://s3.${region}.amazonaws.com`,
      ...{ accessKeyId: S3_ACCESS_KEY_ID, secretAccessKey: S3_SECRET_ACCESS_KEY },
    },
  };
}
