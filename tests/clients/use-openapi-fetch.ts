import assert from 'node:assert/strict';
import createClient from 'openapi-fetch';
import type { components, paths } from './generated/schema.js';

type Article = components['schemas']['Article'];
type Problem = components['schemas']['Problem'];

export async function useFetchClient(baseUrl: string, key: string): Promise<string[]> {
  const reader = createClient<paths>({ baseUrl });
  const editor = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${key}` } });

  const page = await reader.GET('/v1/articles', {
    params: { query: { person: ['rustem-umjerow', 'steve-witkoff'], personMode: 'any', include: ['people', 'events'], limit: 5, order: 'desc' } },
  });
  assert.equal(page.response.status, 200, JSON.stringify(page.error));
  assert.ok(page.data);
  const first = page.data.items[0];
  assert.ok(first, 'the samples name Umjerow and Witkoff');
  assert.equal(first.body, undefined, 'lists show the summary');
  const names = new Set(page.data.included?.people?.map(person => person.name));
  for (const person of first.people) assert.ok(names.has(person.name), `${person.name} is included`);

  const one = await reader.GET('/v1/articles/{id}', { params: { path: { id: first.id } } });
  assert.ok(one.data);
  const tag = one.response.headers.get('ETag');
  assert.ok(tag);
  assert.ok(text(one.data).length > 0);

  // openapi-fetch takes 304 for an error without a body, so the status says it.
  const again = await reader.GET('/v1/articles/{id}', { params: { path: { id: first.id }, header: { 'If-None-Match': tag } } });
  assert.equal(again.response.status, 304);

  const refused = await reader.POST('/v1/articles', { body: { headline: 'Ohne Schlüssel' } });
  assert.equal(refused.data, undefined);
  assert.equal(explain(refused.error), '401 unauthorized');

  const made = await editor.POST('/v1/articles', {
    body: {
      headline: 'Gespräche in Florida',
      section: { slug: 'politik' },
      body: [{ type: 'paragraph', text: 'Die Gespräche gehen weiter.' }, { type: 'list', items: ['Garantien', 'Wiederaufbau'] }],
      people: [{ slug: 'steve-witkoff', relation: 'about' }],
    },
  });
  assert.equal(made.response.status, 201, JSON.stringify(made.error));
  assert.ok(made.data);
  const path = { id: made.data.id };

  const patched = await editor.PATCH('/v1/articles/{id}', {
    params: { path, header: { 'If-Match': made.response.headers.get('ETag') ?? '' } },
    body: { kicker: 'Diplomatie', section: null },
  });
  assert.ok(patched.data, JSON.stringify(patched.error));
  assert.equal(patched.data.kicker, 'Diplomatie');
  assert.equal(patched.data.section, undefined);
  assert.equal(patched.data.version, 2);

  const stale = await editor.PATCH('/v1/articles/{id}', {
    params: { path, header: { 'If-Match': made.response.headers.get('ETag') ?? '' } },
    body: { kicker: 'Zu spät' },
  });
  assert.equal(explain(stale.error), '412 versionMismatch');
  assert.equal(stale.error?.currentVersion, 2);

  const hidden = await reader.GET('/v1/articles/{id}', { params: { path } });
  assert.equal(explain(hidden.error), '404 notFound');

  const removed = await editor.DELETE('/v1/articles/{id}', {
    params: { path, header: { 'If-Match': patched.response.headers.get('ETag') ?? '' } },
  });
  assert.equal(removed.response.status, 204);
  return page.data.items.map(article => article.headline);
}

/** The text of the body, whatever its blocks are. */
function text(article: Article): string {
  return (article.body ?? []).map(block => block.text ?? block.items?.join('\n') ?? block.image?.caption ?? '').join('\n');
}

function explain(problem: Problem | undefined): string {
  return problem === undefined ? 'no problem' : `${problem.status} ${problem.code}`;
}
