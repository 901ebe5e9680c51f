// Reads calls of webhooks as a JSON array, and makes each signature anew with the library of Standard Webhooks.
import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

const calls = JSON.parse(await text(process.stdin));
assert.ok(calls.length > 1000, `only ${calls.length} calls`);
for (const { id, timestamp, signature, body, secret } of calls) {
  assert.equal(new Webhook(secret).sign(id, new Date(Number(timestamp) * 1000), body), signature);
}
console.log(`${calls.length} signatures are the same`);
