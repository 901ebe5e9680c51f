// What a front end does with the generated clients, against the server at NEWSAPI_URL with its sample content.
// Compiling this is half of the test: the types must say which members may be absent.
import assert from 'node:assert/strict';
import { useFetchClient } from './use-openapi-fetch.js';
import { useSdk } from './use-hey-api.js';
import { usePartner } from './use-partner.js';

const baseUrl = process.env.NEWSAPI_URL ?? 'http://localhost:5080';
const key = process.env.NEWSAPI_KEY ?? 'dev-admin-key';

for (const [name, use] of Object.entries({ 'openapi-fetch': useFetchClient, 'hey-api': useSdk, partner: usePartner })) {
  const found = await use(baseUrl, key);
  assert.ok(found.length > 0);
  console.log(`${name}: ${found.length} articles, ${found[0]}`);
}
