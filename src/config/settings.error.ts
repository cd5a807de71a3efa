export interface SettingFault {
  variable: string;
  expected: string;
}

/** In words, such as `PORT: expected a TCP port`. */
export function describeFault({ variable, expected }: SettingFault): string {
  return `${variable}: expected ${expected}`;
}

/** The environment cannot be used. Carries every fault, so that all can be mended at once. */
export class SettingsError extends Error {
  constructor(readonly faults: SettingFault[]) {
    super(faults.map(describeFault).join('\n'));
  }
}

/** `EX_CONFIG` of sysexits(3): what a start with unusable settings exits with. */
export const EXIT_UNUSABLE_SETTINGS = 78;
