import createClient from 'openapi-fetch';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { components, paths } from '../generated/schema.js';
import { bucketOf, contentHash, sha256 } from './canonical.js';
import type { Change, Copy, Repair, Resource, Row, Type } from './copy.js';

type Entry = components['schemas']['Change'];

const lists = { article: 'articles', event: 'events', person: 'people' } as const;
const buckets = 64;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const repairsAtOnce = 20;

/** A row that is wrong, with what the copy has there. */
export type Fault = { type: Type; id: string; what: 'missing' | 'different' | 'not public'; row: Row | undefined };

/** Keeps a copy in step with a server, and proves it. */
export class Partner {
  readonly #client;
  readonly #headers: Record<string, string>;

  constructor(
    readonly baseUrl: string,
    readonly copy: Copy,
    key?: string,
  ) {
    this.#headers = key === undefined ? {} : { Authorization: `Bearer ${key}` };
    this.#client = createClient<paths>({ baseUrl, headers: this.#headers });
  }

  /** One page of the feed; everything, where the copy has no place in it or one that is gone. True while there is more. */
  async step(wait = 0): Promise<boolean> {
    const cursor = this.copy.cursor;
    if (cursor === undefined) return this.snapshot();

    const page = await this.#client.GET('/v1/changes', { params: { query: { include: ['resource'], limit: 200, cursor, ...(wait > 0 ? { wait } : {}) } } });
    if (page.response.status === 410) return this.snapshot();
    if (page.data === undefined) throw new Error(`The server answered ${page.response.status}: ${page.error?.detail}`);

    this.copy.apply(page.data.items.flatMap(changeOf), page.data.nextCursor);
    return page.data.hasMore;
  }

  async catchUp(): Promise<void> {
    while (await this.step());
  }

  /** Everything anew: what the exports do not bring back goes. */
  async snapshot(): Promise<boolean> {
    let cursor: string | undefined;
    const seen = new Set<string>();
    for (const type of Object.keys(lists) as Type[]) {
      const answer = await fetch(`${this.baseUrl}/v1/exports/${lists[type]}.ndjson`, { headers: this.#headers });
      if (!answer.ok || answer.body === null) throw new Error(`The export was answered with ${answer.status}`);

      // The place behind the oldest of the three: what comes after it is told, and told twice does no harm.
      cursor ??= answer.headers.get('Changes-Cursor') ?? undefined;
      let batch: Change[] = [];
      for await (const line of createInterface({ input: Readable.fromWeb(answer.body as ReadableStream) })) {
        const resource = JSON.parse(line) as Resource;
        seen.add(`${type} ${resource.id}`);
        batch.push({ type, id: resource.id, resource });
        if (batch.length === 500) {
          this.copy.apply(batch);
          batch = [];
        }
      }

      this.copy.apply(batch);
    }

    const gone = this.copy.rows.filter(row => !seen.has(`${row.type} ${row.id}`));
    this.copy.apply(gone.map(({ type, id }) => ({ type, id, resource: undefined })), cursor);
    return true;
  }

  /** What is wrong with the copy, by the server's digest and the documents in the copy. */
  async verify(): Promise<Fault[]> {
    const cursor = this.copy.cursor;
    if (cursor === undefined) throw new Error('The copy has no place in the feed yet; follow first.');

    const digest = await this.#digest(cursor);
    const changed = new Set(digest.changedSince.map(key => `${key.type} ${key.id}`));
    const own = groupBy(this.copy.rows.filter(row => !changed.has(`${row.type} ${row.id}`)), row => bucketOf(row.id, buckets));
    const faults: Fault[] = [];
    for (const bucket of digest.buckets ?? []) {
      const rows = own.get(bucket.index) ?? [];
      if (sha256(rows.map(line).join('')) === bucket.hash && rows.length === bucket.count) continue;

      const content = await this.#digest(cursor, bucket.index);
      for (const key of content.changedSince) changed.add(`${key.type} ${key.id}`);
      const held = new Map(rows.map(row => [`${row.type} ${row.id}`, row]));
      for (const item of content.items ?? []) {
        const row = held.get(`${item.type} ${item.id}`);
        held.delete(`${item.type} ${item.id}`);
        if (row === undefined) faults.push({ type: item.type as Type, id: item.id, what: 'missing', row });
        else if (line(row) !== `${item.type} ${item.id} ${item.version} ${item.contentHash}\n`) {
          faults.push({ type: row.type, id: row.id, what: 'different', row });
        }
      }

      for (const row of held.values()) faults.push({ type: row.type, id: row.id, what: 'not public', row });
    }

    return faults.filter(fault => !changed.has(`${fault.type} ${fault.id}`));
  }

  /**
   * Reads anew what is wrong, in steps, also beside a process that follows: a row is put right only while the copy stands where it stood before the server was
   * asked for it, and only where it is still what was compared. What cannot be read is left as it is, and said at the end.
   */
  async repair(): Promise<Fault[]> {
    const faults = await this.verify();
    const failures: Error[] = [];
    let size = repairsAtOnce;
    for (let done = 0, moves = 0; done < faults.length;) {
      const cursor = this.copy.cursor;
      if (cursor === undefined) throw new Error('The copy has no place in the feed any more.');

      const batch = faults.slice(done, done + size);
      const read = await Promise.allSettled(batch.map(fault => this.#readAnew(fault)));
      if (this.copy.repair(cursor, read.flatMap(result => (result.status === 'fulfilled' ? [result.value] : [])))) {
        failures.push(...read.flatMap(result => (result.status === 'rejected' ? [result.reason as Error] : [])));
        done += batch.length;
        moves = 0;
      } else if (++moves > 20) throw new Error('The copy moves on faster than it can be repaired.');
      else size = Math.max(1, Math.floor(size / 4));
    }

    if (failures[0] !== undefined) throw failures[0];

    return faults;
  }

  /** What belongs into a row; nothing where it is to go. For what no server can know there is no address. */
  async #readAnew({ type, id, what, row }: Fault): Promise<Repair> {
    const list = (lists as Partial<Record<string, string>>)[type];
    if (list === undefined || !uuid.test(id)) {
      if (what === 'not public') return { type, id, row, resource: undefined };
      throw new Error(`There is no reading of ${type} ${id} here.`);
    }

    const answer = await fetch(`${this.baseUrl}/v1/${list}/${id}`, { headers: this.#headers });
    if (!answer.ok && answer.status !== 404) throw new Error(`${type} ${id} was answered with ${answer.status}`);

    // Somebody who was merged is answered with the survivor.
    const resource = answer.ok ? ((await answer.json()) as Resource) : undefined;
    return { type, id, row, resource: resource?.id === id ? resource : undefined };
  }

  async #digest(cursor: string, bucket?: number) {
    const answer = await this.#client.GET('/v1/sync/digest', { params: { query: { cursor, buckets, ...(bucket === undefined ? {} : { bucket }) } } });
    if (answer.data === undefined) throw new Error(`The server answered ${answer.response.status}: ${answer.error?.detail}`);

    return answer.data;
  }
}

/** Where an entry carries nothing, one that follows does. */
function changeOf(entry: Entry): Change[] {
  const type = entry.type as Type;
  if (entry.operation === 'remove') return [{ type, id: entry.id, resource: undefined }];

  const resource = entry[type];
  return resource === undefined ? [] : [{ type, id: entry.id, resource }];
}

function line(row: Row): string {
  let hash = '';
  try {
    hash = contentHash(JSON.parse(row.document));
  } catch {
    // What is no JSON any more has the hash of no resource.
  }

  return `${row.type} ${row.id} ${row.version} ${hash}\n`;
}

function groupBy<T>(items: T[], keyOf: (item: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }

  return groups;
}
