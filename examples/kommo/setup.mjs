/** `node setup.mjs`: makes the field that holds the order, and prints the numbers of pipelines and stages. */
import { existsSync } from 'node:fs';
import { Kommo } from './kommo.mjs';

if (existsSync('.env')) process.loadEnvFile('.env');
const { KOMMO_URL: url, KOMMO_TOKEN: token } = process.env;
if (!url || !token) throw new Error('set KOMMO_URL and KOMMO_TOKEN first');
const kommo = new Kommo({ url, token });
const fields = await kommo.call('GET', 'leads/custom_fields?limit=250');
if (!fields?._embedded.custom_fields.some(({ code }) => code === 'MINTMARK_ORDER')) {
  await kommo.call('POST', 'leads/custom_fields', [
    { name: 'Mintmark order', type: 'text', code: 'MINTMARK_ORDER', is_api_only: true },
  ]);
  console.log('The field MINTMARK_ORDER was made.');
}
const pipelines = await kommo.call('GET', 'leads/pipelines');
for (const { id, name, _embedded } of pipelines?._embedded.pipelines ?? []) {
  console.log(`KOMMO_PIPELINE=${id}  ${name}`);
  for (const stage of _embedded.statuses) console.log(`  stage ${stage.id}  ${stage.name}`);
}
