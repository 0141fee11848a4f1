/** What FastSpring signs with in the tests: the secret of now, and the one before it. */
export const LICENSE_KEYS = ['license-key-of-now', 'license-key-of-before'] as const;
export const WEBHOOK_SECRETS = ['webhook-secret-of-now', 'webhook-secret-of-before'] as const;
