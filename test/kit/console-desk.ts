/** A person at the console over HTTP: sees pages, posts forms, waits for jobs. */
import type { ExecutionContext } from 'ava';
import request from 'supertest';
import { openShop, postForm, type Shop } from './console.ts';
import { type Given, startHome } from './service.ts';

export interface ConsoleDesk {
  readonly shop: Shop;
  readonly see: (path: string, mode?: 'live' | 'test') => request.Test;
  readonly post: (path: string, fields: Readonly<Record<string, string>>) => request.Test;
  /** What the form of a decision holds as the state that was shown. */
  readonly shownAt: (path: string) => Promise<string>;
  /** Stops the service, and starts it again in the same folder. */
  readonly restart: () => Promise<void>;
  /** The text of a job's page, once it has ended. */
  readonly ended: (begun: request.Response) => Promise<string>;
}

const PATIENCE = 40_000;

export async function openDesk(t: ExecutionContext, given: Given = {}): Promise<ConsoleDesk> {
  const shop = await openShop(t, given);
  const cookie = await shop.enter();
  let { url } = shop;
  const see = (path: string, mode = 'live') =>
    request(url).get(`/console/${mode}${path}`).set('Cookie', cookie);
  const headers = { 'Sec-Fetch-Site': 'same-origin', Cookie: cookie };
  return {
    shop,
    see,
    post: (path, fields) => postForm(url, `/console/live${path}`, fields, headers),
    shownAt: async (path) => /name="shown" value="([^"]*)"/.exec((await see(path)).text)?.[1] ?? '',
    restart: async () => {
      await shop.stop();
      ({ url } = await startHome(t, shop.home, given));
    },
    ended: async ({ status, headers: { location = '' } }) => {
      if (status !== 303 || !/\/jobs\/\d+$/.test(location)) throw new Error(`no job: ${status} ${location}`);
      const path = location.replace('/console/live', '');
      for (const end = Date.now() + PATIENCE; Date.now() < end; ) {
        const page = await see(path);
        if (page.get('Refresh') === undefined) return page.text;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`${path} did not end`);
    },
  };
}
