import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import createClient from 'openapi-fetch';
import type { paths } from './generated/schema.js';
import { Copy } from './partner/copy.js';
import { Partner } from './partner/partner.js';

/** A partner from nothing to a copy that is right, harmed and repaired; the headlines it holds. */
export async function usePartner(baseUrl: string, key: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'partner-'));
  const copy = new Copy(join(folder, 'copy.db'));
  try {
    const partner = new Partner(baseUrl, copy);
    await partner.catchUp();
    assert.deepEqual(await partner.verify(), []);

    const editor = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${key}` } });
    const made = await editor.POST('/v1/people', { body: { name: 'Neu im Amt' } });
    assert.ok(made.data);
    await partner.catchUp();
    assert.deepEqual(await partner.verify(), []);
    const ids = copy.rows.map(row => row.id);
    assert.ok(ids.includes(made.data.id));

    copy.run(`DELETE FROM resources WHERE id = '${ids[0]}'`);
    copy.run(`UPDATE resources SET document = replace(document, '"slug":"', '"slug":"x') WHERE id = '${ids[1]}'`);
    assert.deepEqual((await partner.verify()).map(fault => `${fault.id} ${fault.what}`).sort(), [`${ids[0]} missing`, `${ids[1]} different`].sort());
    await partner.repair();
    assert.deepEqual(await partner.verify(), []);
    await repairBesideFollower(baseUrl, copy, ids[2]!);

    // What no server can know goes without a question, and damage of any kind is named.
    copy.run(`INSERT INTO resources VALUES ('person', 'broken', 1, '{}'), ('foo', 'x', 1, '{}')`);
    copy.run(`UPDATE resources SET document = '{"a":"\\ud800"}', version = 99999999999 WHERE id = '${ids[1]}'`);
    assert.equal((await partner.repair()).length, 3);
    assert.deepEqual(await partner.verify(), []);

    await editor.DELETE('/v1/people/{id}', { params: { path: { id: made.data.id }, header: { 'If-Match': '*' } } });
    await partner.catchUp();
    assert.deepEqual(await partner.verify(), []);
    assert.ok(!copy.rows.some(row => row.id === made.data?.id));
    return copy.rows.filter(row => row.type === 'article').map(row => (JSON.parse(row.document) as { headline: string }).headline);
  } finally {
    copy.close();
    await rm(folder, { recursive: true });
  }
}

/** A repair leaves alone what a follower has moved on, or written, since the copy was compared. */
async function repairBesideFollower(baseUrl: string, copy: Copy, id: string): Promise<void> {
  const [row] = copy.rows.filter(one => one.id === id);
  assert.ok(row);
  const partner = new Partner(baseUrl, copy);
  const resource = JSON.parse(row.document) as { id: string; version: number };
  const cursor = copy.cursor!;
  const compared = { type: row.type, id, row, resource };

  assert.equal(copy.repair('another', [{ ...compared, resource: undefined }]), false);
  assert.equal(copy.repair(cursor, [{ ...compared, row: { ...row, document: '{}' }, resource: undefined }]), true);
  assert.equal(copy.repair(cursor, [{ ...compared, row: undefined, resource: undefined }]), true);
  assert.deepEqual(copy.rows.filter(one => one.id === id), [row]);
  assert.equal(copy.repair(cursor, [{ ...compared, resource: undefined }]), true);
  assert.deepEqual(copy.rows.filter(one => one.id === id), []);
  assert.equal(copy.repair(cursor, [{ ...compared, row: undefined }]), true);
  assert.deepEqual(await partner.verify(), []);
}
