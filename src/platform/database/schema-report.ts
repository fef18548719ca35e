import { Injectable } from '@nestjs/common';
import { AppInfo } from '../../operations/info/app-info.js';
import { Reports } from '../../operations/reports/reports.js';
import { SchemaVersion } from './schema-version.js';

/** Tells operators of the schema: its version in `/info`, every migration in `/migrations`. */
@Injectable()
export class SchemaReport {
  constructor(schema: SchemaVersion, info: AppInfo, reports: Reports) {
    info.contribute('schemaVersion', () => schema.lastSeen.applied.at(-1) ?? null);
    reports.register('migrations', 'schema', () => schema.lastSeen);
  }
}
