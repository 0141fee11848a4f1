/** The same where a `fetch` has types: that of the DOM, or Node's. */
import { type Refreshed, refresh } from 'mintmark-verify';

export const answer: Promise<Refreshed> = refresh('', 'https://example.com', fetch);
