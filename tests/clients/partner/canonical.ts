import { createHash } from 'node:crypto';

/** The canonical form of JSON after RFC 8785: sorted members, and the rest as ECMAScript writes it. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);

  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

/** The `contentHash` of a resource. */
export function contentHash(resource: unknown): string {
  return sha256(canonical(resource));
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The bucket of a resource in a digest. */
export function bucketOf(id: string, buckets: number): number {
  return createHash('sha256').update(id).digest().readUInt32BE(0) % buckets;
}
