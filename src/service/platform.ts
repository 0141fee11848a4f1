/** Settings that a hosting platform knows: its variables stand in for those that the seller did not set. */
import type { Environment } from '../marketplaces/marketplace.ts';

/**
 * `PUBLIC_URL` from RENDER_EXTERNAL_URL (render.com/docs/environment-variables) or FLY_APP_NAME
 * (fly.io/docs/machines/runtime-environment).
 */
export function platformSettings(environment: Environment): Environment {
  const { RENDER_EXTERNAL_URL: render, FLY_APP_NAME: fly } = environment;
  if (render) return { PUBLIC_URL: render };
  return fly ? { PUBLIC_URL: `https://${fly}.fly.dev` } : {};
}
