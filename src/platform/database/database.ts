import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

/** The one way to the database. */
@Injectable()
export class Database {
  constructor(private readonly dataSource: DataSource) {}

  transaction<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(work);
  }

  read<T>(work: (handle: EntityManager) => Promise<T>): Promise<T> {
    return work(this.dataSource.manager);
  }

  async query<Row extends object>(name: string, text: string, values: readonly unknown[]): Promise<Row[]> {
    throw new Error(`${name} ${text} ${values.length}`);
  }
}
