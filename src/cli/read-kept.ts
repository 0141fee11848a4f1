import type { Catalog } from '../catalog/catalog.ts';
import type { ReadKept } from '../domain/desk/events.ts';
import { AppError } from '../errors.ts';
import { MARKETPLACES } from '../marketplaces/all.ts';

/** Reads stored events with the product files of now. */
export function readKept(catalog: Pick<Catalog, 'all'>): ReadKept {
  return async ({ marketplace, mode, payload }) => {
    const found = MARKETPLACES.find(({ name }) => name === marketplace);
    if (found === undefined) throw new AppError('not_found', `There is no marketplace ${marketplace}.`);
    const { readAgain } = await found.loadStoredEvents();
    return readAgain(payload, mode, catalog.all()).read();
  };
}
