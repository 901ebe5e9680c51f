import { DatabaseSync } from '@photostructure/sqlite';

export type Type = 'article' | 'event' | 'person';
export type Resource = { id: string; version: number };
export type Row = { type: Type; id: string; version: number; document: string };
/** A row that is to be put right: as it was compared, and what is to be in its place; nothing where there is none. */
export type Repair = { type: Type; id: string; row: Row | undefined; resource: Resource | undefined };
export type Change = { type: Type; id: string; resource: Resource | undefined };

/** A copy in a SQLite file: a row for each resource and the cursor beside them, written in one transaction. */
export class Copy {
  readonly #database: InstanceType<typeof DatabaseSync>;

  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    this.#database.exec(`
      PRAGMA busy_timeout=30000;
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
    this.#inTransaction(() => {
      this.#write(changes);
      if (cursor !== undefined) this.#database.prepare('INSERT OR REPLACE INTO checkpoint (only, cursor) VALUES (1, ?)').run(cursor);
    });
  }

  /** Puts rows right that are still as they were compared, where the copy still stands at the cursor. False where it does not, and nothing was done. */
  repair(cursor: string, repairs: Repair[]): boolean {
    return this.#inTransaction(() => {
      if (this.cursor !== cursor) return false;

      const find = this.#database.prepare('SELECT version, document FROM resources WHERE type = ? AND id = ?');
      this.#write(repairs.filter(({ type, id, row }) => {
        const now = find.get(type, id) as Row | undefined;
        return now?.version === row?.version && now?.document === row?.document;
      }));
      return true;
    });
  }

  #write(changes: Change[]): void {
    const put = this.#database.prepare('INSERT OR REPLACE INTO resources (type, id, version, document) VALUES (?, ?, ?, ?)');
    const drop = this.#database.prepare('DELETE FROM resources WHERE type = ? AND id = ?');
    for (const { type, id, resource } of changes) {
      if (resource === undefined) drop.run(type, id);
      else put.run(type, id, resource.version, JSON.stringify(resource));
    }
  }

  /** It begins with the lock for writing, so nobody else moves the copy between a look at it and the commit. */
  #inTransaction<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
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
