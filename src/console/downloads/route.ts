/** Downloads: releases by product with their counts; the seller tries one without a license. */
import { notFound, param, type Screen } from '../visit.ts';
import { downloadsPage } from './page.ts';

export const downloads: Screen = {
  path: '/downloads',
  get: async (visit) => {
    const [read, counts] = await Promise.all([
      visit.parts.downloads.read(),
      visit.parts.ledger.downloads.counts(),
    ]);
    return {
      title: 'Downloads',
      nav: 'downloads',
      counterpart: 'downloads',
      body: downloadsPage(visit, { ...read, counts }),
    };
  },
};

/** Leads to a link that is the seller's own; nothing is counted. */
export const tryDownload: Screen = {
  path: '/downloads/:product/:version/:file',
  get: async (visit) => {
    const [product, version, file] = ['product', 'version', 'file'].map((name) => param(visit, name));
    const path = await visit.parts.downloads.tryFile(product ?? '', version ?? '', file ?? '');
    if (path === undefined) throw notFound('There is no such file.');
    return { redirect: path };
  },
};
