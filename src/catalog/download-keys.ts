/** `downloads:` of a product file: how often a license is downloaded before it is put off. */
import { z } from 'zod';
import { MOST_DOWNLOADS } from '../domain/ports/download.ts';
import { shown } from './values.ts';

const LARGEST_LIMIT = 9999;

const limit = z
  .string()
  .refine((text) => text === 'unlimited' || (/^\d{1,4}$/.test(text) && Number(text) > 0), {
    error: ({ input }) =>
      `${shown(input)} is not a number of downloads from 1 to ${LARGEST_LIMIT}: write how many a license may have in 30 days, or unlimited`,
  })
  .transform((text) => (text === 'unlimited' ? text : Number(text)));

export const downloadKeys = z.strictObject({ limit: limit.default(MOST_DOWNLOADS) });
