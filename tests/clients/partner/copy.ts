import { DatabaseSync } from '@photostructure/sqlite';

export type Type = 'article' | 'event' | 'person';
export type Resource = { id: string; version: number };
export type Row = { type: Type; id: string; version: number; document: string };
export type Change = { type: Type; id: string; resource: Resource | undefined };

/** A copy in a SQLite file: a row for each resource and the cursor beside them, written in one transaction. */
export class Copy {
  readonly #database: InstanceType<typeof DatabaseSync>;

  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    this.#database.exec(`
      PRAGMA journal_mode=WAL;
      CREATE TABLE IF NOT EXISTS resources (type TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, document TEXT NOT NULL, PRIMARY KEY (type, id)) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS checkpoint (only INTEGER PRIMARY KEY CHECK (only = 1), cursor TEXT NOT NULL)`);
  }

  get cursor(): string | undefined {
    return (this.#database.prepare('SELECT cursor FROM checkpoint').get() as { cursor: string } | undefined)?.cursor;
  }

  /** Everything, in the order of types and ids. */
  get rows(): Row[] {
    return this.#database.prepare('SELECT type, id, version, document FROM resources ORDER BY type, id').all() as Row[];
  }

  /** Changes and the place behind them, or neither: that makes every change arrive exactly once. */
  apply(changes: Change[], cursor?: string): void {
    this.#database.exec('BEGIN');
    try {
      const put = this.#database.prepare('INSERT OR REPLACE INTO resources (type, id, version, document) VALUES (?, ?, ?, ?)');
      const drop = this.#database.prepare('DELETE FROM resources WHERE type = ? AND id = ?');
      for (const { type, id, resource } of changes) {
        if (resource === undefined) drop.run(type, id);
        else put.run(type, id, resource.version, JSON.stringify(resource));
      }

      if (cursor !== undefined) this.#database.prepare('INSERT OR REPLACE INTO checkpoint (only, cursor) VALUES (1, ?)').run(cursor);
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** For tests that harm a copy. */
  run(sql: string): void {
    this.#database.exec(sql);
  }

  close(): void {
    this.#database.close();
  }
}
