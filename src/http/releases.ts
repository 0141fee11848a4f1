/** GET /v1/releases/:product: the versions of a product, for programs that look for a newer one. */
import { z } from 'zod';
import { PLATFORMS, type Release } from '../domain/values/release.ts';
import { AppError } from '../errors.ts';
import type { Endpoint } from './edge/endpoint.ts';
import { prepare, preparedAnswers, sendPrepared } from './edge/prepared.ts';
import { JSON_TEXT, productParameter } from './edge/schemas.ts';
import type { RunningService } from './running-service.ts';

/** Seconds. */
const MAX_AGE = 300;

const releaseFile = z
  .looseObject({
    name: z.string(),
    platform: z.enum(PLATFORMS),
    size: z.int().describe('bytes'),
    sha256: z.string().describe('hex'),
    sha512: z.string().describe('base64'),
  })
  .meta({ id: 'ReleaseFile', description: 'A file of a release' });

/** Of a release, also where links are added. */
export const releaseMembers = {
  version: z.string(),
  build: z.string().optional().describe('where it differs from the version'),
  day: z.iso.date(),
  notes: z.string().optional(),
} as const;

const releaseList = z
  .looseObject({
    product: z.string(),
    releases: z.array(z.looseObject({ ...releaseMembers, files: z.array(releaseFile) })),
  })
  .meta({ id: 'Releases', description: 'The newest first; withdrawn ones are left out' });

export function releasesEndpoint({
  offers,
  findProduct,
}: Pick<RunningService, 'offers' | 'findProduct'>): Endpoint {
  return {
    path: '/v1/releases/:product',
    parameters: productParameter,
    get: {
      tag: 'for programs',
      summary: 'The versions of a product, with sizes and checksums',
      description: 'For everybody, without links: POST /v1/downloads gives those for a license code.',
      answers: preparedAnswers('The releases', JSON_TEXT, releaseList),
      problems: ['unknown_product', 'downloads_unavailable'],
    },
    handle: async (context) => {
      const product: string = context['params']['product'];
      if (offers === undefined || findProduct(product) === undefined)
        throw new AppError('unknown_product', 'No releases of such a product are published here.');
      const releases = (await offers.releasesOf(product)).map(toldOf);
      const answer = { product, releases } satisfies z.infer<typeof releaseList>;
      sendPrepared(context, prepare(JSON.stringify(answer), JSON_TEXT, MAX_AGE));
    },
  };
}

function toldOf({ files, ...release }: Release) {
  return { ...membersOf(release), files: files.map((file) => fileMembersOf(file)) };
}

/** What anybody may know of a release. */
export function membersOf({ version, build, day, notes }: Omit<Release, 'files'>) {
  return { version, ...(build !== undefined && { build }), day, ...(notes !== undefined && { notes }) };
}

export function fileMembersOf({ name, platform, size, sha256, sha512 }: Release['files'][number]) {
  return { name, platform, size, sha256, sha512 };
}
