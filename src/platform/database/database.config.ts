import type { ConfigType } from '@nestjs/config';
import { settingsPart } from '../../operations/config/settings-part.js';

export const databaseConfig = settingsPart('database', 'databaseUrl', 'databasePooler', 'databasePoolSize');
export type DatabaseConfig = ConfigType<typeof databaseConfig>;
