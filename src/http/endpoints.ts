/** Every endpoint of a running service. */
import { claimEndpoint } from './claim.ts';
import { docsEndpoint } from './docs.ts';
import { downloadsEndpoint } from './downloads.ts';
import type { Endpoint } from './edge/endpoint.ts';
import { fulfillmentEndpoint } from './fulfillment.ts';
import { keyringEndpoint } from './keyring.ts';
import { jwkSetEndpoint } from './keyring-jwks.ts';
import { liveEndpoint } from './live.ts';
import { metricsEndpoint } from './metrics.ts';
import { documentsOf } from './openapi/documents.ts';
import { openApiEndpoint } from './openapi-json.ts';
import { readyEndpoint } from './ready.ts';
import { refreshEndpoint } from './refresh.ts';
import { releasesEndpoint } from './releases.ts';
import { revocationsEndpoint } from './revocations.ts';
import type { RunningService } from './running-service.ts';
import { webhookEndpoint } from './webhook.ts';

export function endpointsOf(service: RunningService): readonly Endpoint[] {
  const documents = documentsOf(() => endpoints);
  const endpoints: readonly Endpoint[] = [
    ...service.marketplaces.map((marketplace) => fulfillmentEndpoint(marketplace, service)),
    ...service.eventMarketplaces.map((marketplace) => webhookEndpoint(marketplace, service)),
    ...service.eventMarketplaces.flatMap((marketplace) =>
      marketplace.claim === undefined ? [] : [claimEndpoint(marketplace, marketplace.claim, service)],
    ),
    keyringEndpoint(service.keyring),
    jwkSetEndpoint(service.keyring),
    refreshEndpoint(service),
    revocationsEndpoint(service.revocations),
    releasesEndpoint(service),
    downloadsEndpoint(service),
    liveEndpoint,
    readyEndpoint(service),
    metricsEndpoint(service.metrics),
    openApiEndpoint(documents),
    docsEndpoint(documents),
  ];
  return endpoints;
}
