export interface SettingFault {
  name: string;
  /** Follows the name: `is missing`. Never holds the value of a secret. */
  problem: string;
}

/** Everything that is wrong with the settings, in one message that may be shown to anybody. */
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
