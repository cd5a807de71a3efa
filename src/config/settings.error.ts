export interface SettingFault {
  variable: string;
  expected: string;
}

/** The environment cannot be used. Carries every fault, so that all can be mended at once. */
export class SettingsError extends Error {
  constructor(readonly faults: SettingFault[]) {
    super(faults.map(({ variable, expected }) => `${variable}: expected ${expected}`).join('\n'));
  }
}

/** `EX_CONFIG` of sysexits(3): what a start with unusable settings exits with. */
export const EXIT_UNUSABLE_SETTINGS = 78;
