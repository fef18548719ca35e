import type { ConfigType } from '@nestjs/config';
import { settingsPart } from '../config/settings-part.js';

export const flagsConfig = settingsPart('flags', 'unleashUrl', 'unleashRefreshMs');
export type FlagsConfig = ConfigType<typeof flagsConfig>;
