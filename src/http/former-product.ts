/** A product whose file was renamed or removed: a request for an order that was sold at its address is answered, and one for its rebill. */
import { USUAL_FIELDS } from '../catalog/fields.ts';
import type { LicenseStory } from '../domain/ledger.ts';
import { MOST_DOWNLOADS } from '../domain/ports/download.ts';
import type { Product } from '../domain/values/product.ts';
import type { SignedCall } from './kept-refusals.ts';
import type { RunningService } from './running-service.ts';

/** The product as the ledger has it; undefined unless the order, or its subscription, has answered licenses of it. */
export async function findFormerProduct(
  { marketplace: { name, nameOrder }, address, fields, caller }: SignedCall,
  { ledger }: Pick<RunningService, 'ledger'>,
): Promise<Product | undefined> {
  const named = nameOrder(fields, undefined, caller);
  if (named === undefined) return undefined;
  const { order, mode, subscription } = named;
  const isIts = (one: LicenseStory) =>
    one.marketplace === name && one.mode === mode && one.product === address;
  const ofOrder = (await ledger.find({ by: 'order', order })).filter(
    (one) => isIts(one) && one.order === order,
  );
  const isRebill = ofOrder.length === 0 && subscription !== undefined;
  const sold = isRebill ? (await ledger.find({ by: 'subscription', subscription })).filter(isIts) : ofOrder;
  const answered = sold.find(({ answer, terms }) => answer !== null && terms !== null);
  if (!answered?.answer || answered.terms === null) return undefined;
  const message = await ledger.findMessage(answered.answer.message);
  const terms = await ledger.findTerms(answered.terms);
  if (message === undefined || terms === undefined) return undefined;
  const lines = new Set(sold.map(({ line }) => line).filter((line) => line !== ''));
  return {
    ...terms,
    trialTerm: terms.trialTerm,
    selfReissue: 0,
    downloads: { limit: MOST_DOWNLOADS },
    name: message.productName,
    fields: USUAL_FIELDS,
    mail: { topics: {}, reminder: undefined },
    message,
    translations: {},
    marketplaces: {
      [name]: {
        products: [...lines],
        // The ledger does not have whether it was the text: the codes in it are the same.
        reply: 'codes',
        parameters: [],
        askedByUnit: terms.multibuy === 'separate',
      },
    },
  };
}
