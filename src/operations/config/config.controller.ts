import { Controller, Get, Inject } from '@nestjs/common';
import { Access } from '../access/access.js';
import { RuntimeConfig } from '../runtime-config/runtime-config.js';
import { CONFIGURATION, type Configuration } from './load-settings.js';
import { isSecret, type SettingKey, settingKeys, variableOf } from './setting-names.js';

/** Every setting, its source, and its value unless it is a secret; and the runtime configuration. */
@Controller('config')
export class ConfigController {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    private readonly runtime: RuntimeConfig,
  ) {}

  @Get()
  @Access('read')
  read() {
    return { settings: settingKeys.map((key) => this.#describe(key)), runtime: this.runtime.list() };
  }

  #describe(key: SettingKey) {
    const { settings, sources } = this.configuration;
    const value = isSecret(key) && settings[key] !== undefined ? '******' : (settings[key] ?? null);
    return { key: variableOf(key), source: sources[key], value };
  }
}
