import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import createClient from 'openapi-fetch';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import type { components, paths } from './generated/schema.js';

type Doorbell = components['schemas']['Doorbell'];

/** A receiver that verifies what it is called with, and does not hear every fifth call. */
const baseUrl = process.env.NEWSAPI_URL!;
const api = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${process.env.NEWSAPI_KEY}` } });
const articles = 30;
const heard = new Map<string, Doorbell>();
let secret = '';
let calls = 0;
let refused = 0;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString('utf8');
    const headers = request.headers as Record<string, string>;
    calls++;
    try {
      const bell = new Webhook(secret).verify(body, headers) as Doorbell;
      assert.throws(() => new Webhook(secret).verify(body.replace('changes', 'Changes'), headers), WebhookVerificationError);
      response.statusCode = calls % 5 === 0 ? 500 : 204;
      if (response.statusCode === 204) heard.set(headers['webhook-id']!, bell);
    } catch (error) {
      // The first call may come before the answer that holds the secret.
      refused += secret === '' ? 0 : 1;
      response.statusCode = 401;
    }
    response.end();
  });
});
await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));

try {
  const made = await api.POST('/v1/subscriptions', { body: { webhookUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, types: ['article'] } });
  assert.ok(made.data?.secret);
  secret = made.data.secret;
  for (let i = 0; i < articles; i++) {
    const draft = await api.POST('/v1/articles', { body: { headline: `Meldung ${i}` } });
    assert.ok(draft.data);
    await api.PUT('/v1/articles/{id}/publication', { params: { path: { id: draft.data.id } } });
    if (i === articles / 2) {
      // Both secrets sign from here on, so that the one which this receiver knows is good.
      const rotated = await api.POST('/v1/subscriptions/{id}/rotate', { params: { path: { id: made.data.id } }, body: { overlapSeconds: 3600 } });
      assert.notEqual(rotated.data?.secret, secret);
    }
  }

  const deadline = Date.now() + 60_000;
  for (let pending = 1; pending > 0; await new Promise(resolve => setTimeout(resolve, 250))) {
    assert.ok(Date.now() < deadline, `after a minute ${heard.size} of ${articles + 1} rings were heard`);
    const page = await api.GET('/v1/subscriptions/{id}/deliveries', { params: { path: { id: made.data.id }, query: { state: 'pending' } } });
    pending = page.data?.items.length ?? 1;
  }

  assert.equal(refused, 0);
  assert.equal(heard.size, articles + 1);
  for (const bell of heard.values()) assert.equal(bell.type, 'changes.available');

  const last = [...heard.values()].sort((a, b) => Number(a.data.position) - Number(b.data.position)).at(-1)!;
  const checkpoint = await api.PUT('/v1/subscriptions/{id}/checkpoint', { params: { path: { id: made.data.id } }, body: { cursor: last.data.cursor } });
  assert.equal(checkpoint.data?.checkpoint?.position, last.data.position);
  console.log(`${heard.size} rings verified, ${calls} calls`);
} finally {
  server.closeAllConnections();
  server.close();
}
