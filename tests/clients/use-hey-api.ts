import assert from 'node:assert/strict';
import { createClient } from './generated/hey-api/client/index.js';
import {
  createArticle, createSubscription, deleteArticle, deleteSubscription, getArticle, getDigest, listArticles, listArticlesOfPerson, listChanges, publishArticle, setCheckpoint,
  updateArticle, updateSubscription, withdrawArticle,
} from './generated/hey-api/index.js';
import type { Article, Problem } from './generated/hey-api/index.js';

export async function useSdk(baseUrl: string, key: string): Promise<string[]> {
  const reader = createClient({ baseUrl });
  const editor = createClient({ baseUrl, auth: () => key });

  const page = await listArticles({ client: reader, query: { section: ['politik'], include: ['people'], view: 'full', limit: 3 }, throwOnError: true });
  const first = page.data.items[0];
  assert.ok(first, 'the samples have a section politik');
  assert.ok(paragraphs(first).length > 0, 'the full view has the body');
  if (page.data.nextCursor !== undefined) {
    const next = await listArticles({ client: reader, query: { section: ['politik'], limit: 3, cursor: page.data.nextCursor } });
    assert.ok(next.data?.items.every(article => page.data.items.every(seen => seen.id !== article.id)));
  }

  const person = first.people[0];
  if (person !== undefined) {
    const theirs = await listArticlesOfPerson({ client: reader, path: { id: person.id }, throwOnError: true });
    assert.ok(theirs.data.items.some(article => article.id === first.id));
  }

  const start = (await listChanges({ client: reader, query: { limit: 500 }, throwOnError: true })).data.nextCursor;
  const made = await createArticle({ client: editor, body: { headline: 'Gipfel in Paris', language: 'de' }, throwOnError: true });
  const path = { id: made.data.id };
  const changed = await updateArticle({
    client: editor, path, headers: { 'If-Match': made.response.headers.get('ETag') ?? '' }, body: { teaser: 'Am 6. Jänner in Paris.' }, throwOnError: true,
  });
  assert.equal(changed.data.teaser, 'Am 6. Jänner in Paris.');
  const published = await publishArticle({ client: editor, path, headers: { 'If-Match': changed.response.headers.get('ETag') ?? '' }, throwOnError: true });
  assert.equal(published.data.status, 'published');
  assert.ok((await getArticle({ client: reader, path })).data?.publishedAt);
  await follow(start, made.data.id);
  assert.equal((await withdrawArticle({ client: editor, path })).response?.status, 200);

  const gone = await getArticle({ client: reader, path });
  assert.equal(code(gone.error), 'notFound');
  const unnamed = await createArticle({ client: editor, body: { headline: '' } });
  assert.deepEqual(unnamed.error?.errors?.map(fault => fault.pointer), ['/headline']);
  assert.equal((await deleteArticle({ client: editor, path, headers: { 'If-Match': '*' } })).response?.status, 204);
  return page.data.items.map(article => article.headline);

  async function follow(cursor: string, id: string): Promise<void> {
    const changes = await listChanges({ client: reader, query: { cursor, include: ['resource'], types: ['article'] }, throwOnError: true });
    assert.deepEqual(changes.data.items.map(entry => [entry.operation, entry.reason, entry.article?.id]), [['upsert', 'published', id]]);
    const digest = await getDigest({ client: reader, query: { cursor, buckets: 4 }, throwOnError: true });
    assert.equal(digest.data.buckets?.length, 4);
    assert.deepEqual(digest.data.changedSince, [{ type: 'article', id }]);

    const body = { webhookUrl: 'https://partner.example/hook', active: false };
    const subscription = await createSubscription({ client: editor, body, throwOnError: true });
    assert.ok(subscription.data.secret?.startsWith('whsec_'));
    const own = { id: subscription.data.id };
    const renamed = await updateSubscription({ client: editor, path: own, body: { name: 'Partner Süd', types: ['article'] }, throwOnError: true });
    assert.deepEqual([renamed.data.name, renamed.data.types, renamed.data.secret], ['Partner Süd', ['article'], undefined]);
    const checkpoint = await setCheckpoint({ client: editor, path: own, body: { cursor: changes.data.nextCursor }, throwOnError: true });
    assert.equal(checkpoint.data.checkpoint?.position, changes.data.items[0]?.position);
    assert.equal((await deleteSubscription({ client: editor, path: own })).response?.status, 204);
  }
}

function paragraphs(article: Article): string[] {
  return (article.body ?? []).flatMap(block => (block.text === undefined ? [] : [block.text]));
}

function code(problem: Problem | undefined): string | undefined {
  return problem?.code;
}
