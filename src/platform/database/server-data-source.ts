import { DataSource } from 'typeorm';

/**
 * TypeORM's data source, closed by the shutdown step alone. Nest's TypeORM module destroys it in a hook of its own,
 * which may run while jobs still write their last words.
 */
export class ServerDataSource extends DataSource {
  private isInUse = false;

  override async initialize(): Promise<this> {
    await super.initialize();
    this.isInUse = true;
    return this;
  }

  override async destroy(): Promise<void> {
    if (!this.isInUse) {
      await super.destroy();
    }
  }

  async close(): Promise<void> {
    if (this.isInUse) {
      this.isInUse = false;
      await super.destroy();
    }
  }
}
