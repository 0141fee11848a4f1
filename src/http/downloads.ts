/** POST /v1/downloads: a license code comes in, links to what the license may have go out. The code is the proof. */
import { z } from 'zod';
import type { Ledger } from '../domain/ledger.ts';
import { type Proof, refresh } from '../domain/requests/refresh.ts';
import { PLATFORMS } from '../domain/values/release.ts';
import { AppError } from '../errors.ts';
import type { Endpoint, Operation } from './edge/endpoint.ts';
import type { Context } from './edge/request.ts';
import { JSON_TEXT } from './edge/schemas.ts';
import { PASTED_CODE, type ProofSources, proofReader, requireGood } from './pasted-code.ts';
import { fileMembersOf, membersOf, releaseMembers } from './releases.ts';
import type { RunningService } from './running-service.ts';

const linkedFile = z
  .looseObject({
    name: z.string(),
    platform: z.enum(PLATFORMS),
    size: z.int().describe('bytes'),
    sha256: z.string().describe('hex'),
    sha512: z.string().describe('base64'),
    url: z.string().describe('where it is fetched, with Range requests if need be'),
  })
  .meta({ id: 'DownloadFile', description: 'A file of a release with its link' });

const downloadAnswer = z
  .looseObject({
    product: z.string(),
    until: z.iso.date().describe('the last day of the links to files'),
    releases: z.array(z.looseObject({ ...releaseMembers, files: z.array(linkedFile) })),
    withheld: z
      .array(z.looseObject({ version: z.string(), day: z.iso.date(), reason: z.literal('updates-ended') }))
      .describe('releases that the license does not include'),
    latest: z.string().describe('a stable address of the newest release, good for 30 days'),
    feeds: z.looseObject({
      appcast: z.string().describe('for Sparkle'),
      electron: z.string().describe('the base address for electron-updater (generic provider)'),
    }),
  })
  .meta({ id: 'DownloadLinks', description: 'What the license may have, the newest first' });

const post: Operation = {
  tag: 'for programs',
  summary: 'Links to the releases that a license includes',
  description:
    'The code is the proof, as for /v1/licenses/refresh, and the limits are the same. A license that has run out gets no links.',
  body: PASTED_CODE.body,
  answers: { 200: { description: 'The links', content: { [JSON_TEXT]: downloadAnswer } } },
  problems: ['unknown_product', 'downloads_unavailable', ...PASTED_CODE.problems],
};

interface Needed extends ProofSources, Pick<RunningService, 'now' | 'offers' | 'minter'> {
  readonly ledger: Pick<Ledger, 'find' | 'addFacts'>;
}

export function downloadsEndpoint({ ledger, now, offers, minter, ...sources }: Needed): Endpoint {
  const { readCode } = sources;
  const readProof = proofReader('downloads', sources);
  return {
    path: '/v1/downloads',
    post,
    handle: async (context) => {
      const proof = await readProof(context);
      if (offers === undefined)
        throw new AppError('unknown_product', 'Nothing can be downloaded here.', {
          detail: 'PUBLIC_URL is not set',
        });
      const { code, product = proof.product } = requireGood(await refresh(proof, ledger, now()));
      const newest = readCode(code);
      await answer(context, 'verdict' in newest ? proof : newest, product);
    },
  };

  async function answer(context: Context, { id }: Proof, product: string): Promise<void> {
    const [story] = await ledger.find({ by: 'license', id });
    if (story === undefined || offers === undefined)
      throw new AppError('unknown_license', 'There is no such license here.');
    const held = { id, product, state: story.state, entitlement: minter.entitlementOf(story.code) };
    const { included, withheld, latest, until } = await offers.offer(held, now());
    context.set('Cache-Control', 'no-store');
    context.body = {
      product,
      until,
      releases: included.map(({ files, ...release }) => ({
        ...membersOf(release),
        files: files.map((file) => ({ ...fileMembersOf(file), url: file.url })),
      })),
      withheld: withheld.map(({ version, day }) => ({ version, day, reason: 'updates-ended' as const })),
      latest,
      feeds: { appcast: `${latest}/appcast.xml`, electron: latest },
    } satisfies z.infer<typeof downloadAnswer>;
  }
}
