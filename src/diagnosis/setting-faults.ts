import { describeFault, type SettingFault, SettingsError } from '../config/settings.error';
import { validateEnvironment } from '../config/validate-environment';
import { type Finding, skipped } from './check';

/** What is wrong with the settings: all of it. */
export function settingFaults(environment: Record<string, string | undefined>): SettingFault[] {
  try {
    validateEnvironment(environment);
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.faults;
  }
}

/** What a check finds that looks at something by these settings, when one of them is malformed. */
export function malformed(faults: readonly SettingFault[], ...names: string[]): Finding | undefined {
  const found = faults.filter(({ variable }) => names.includes(variable));
  if (found.length === 0) return undefined;
  const detail = found.map(describeFault).join('; ');
  return skipped(`The settings do not say where to look: ${detail}.`, 'Correct the settings first.');
}
