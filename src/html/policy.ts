/** The headers of every page. HSTS is the proxy's. */

const SOURCES = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'connect-src': "'self'",
  'form-action': "'self'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
  'require-trusted-types-for': "'script'",
  'trusted-types': 'mintmark',
} as const;

function policyOf(sources: Readonly<Record<string, string>>): string {
  return Object.entries(sources)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}

export const PAGE_POLICY = policyOf(SOURCES);

/** A page that shows a mail in a frame. */
export const FRAMING_POLICY = policyOf({ ...SOURCES, 'frame-src': "'self'" });

/** The framed mail: a document without scripts, forms and origin. Its own style is allowed by its digest. */
export function framedPolicy(styleDigest: string): string {
  return policyOf({
    'default-src': "'none'",
    'style-src': `'sha256-${styleDigest}'`,
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'self'",
    sandbox: '',
  }).replace('sandbox ', 'sandbox');
}

export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Robots-Tag': 'noindex',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
};
