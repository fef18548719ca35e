export interface SettingFault {
  name: string;
  /** Follows the name: `is missing`. Never contains the value of a secret. */
  problem: string;
}

/** All faults of the settings, in one message that anybody may see. */
export class InvalidSettings extends Error {
  override readonly name = 'InvalidSettings';

  constructor(
    appEnv: string,
    readonly faults: readonly SettingFault[],
  ) {
    const lines = faults.map(({ name, problem }) => `  ${name} ${problem}`);
    const count = faults.length === 1 ? 'A setting is' : `${faults.length} settings are`;
    super(`${count} wrong (APP_ENV=${appEnv}):\n${lines.join('\n')}\nAll settings: docs/configuration.md`);
  }
}
