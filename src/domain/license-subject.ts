/** What facts about one license are told of. */

/** `license:` and the id in the shape of a UUID, lower case, as people and marketplaces see it; `id`: 16 bytes. */
export function licenseSubject(id: Uint8Array): `license:${string}` {
  const hex = Array.from(id, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `license:${hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}`;
}
