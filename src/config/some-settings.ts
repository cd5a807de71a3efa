import type { EnvironmentVariables } from './environment-variables';
import { SettingsError, type SettingFault } from './settings.error';
import { validateEnvironment } from './validate-environment';

/** What a command uses of the settings, and what is wrong with those. */
export interface SomeSettings<Name extends keyof EnvironmentVariables> {
  values: Partial<Record<Name, string>>;
  faults: SettingFault[];
}

/** Reads the named settings only: what is wrong with others is no matter. */
export function someSettings<Name extends keyof EnvironmentVariables>(
  environment: Record<string, string | undefined>,
  names: readonly Name[],
): SomeSettings<Name> {
  const values = Object.fromEntries(names.map((name) => [name, environment[name] || undefined]));
  return { values: values as Partial<Record<Name, string>>, faults: faultsOf(environment, names) };
}

function faultsOf(environment: Record<string, string | undefined>, names: readonly string[]): SettingFault[] {
  try {
    validateEnvironment(environment);
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.faults.filter(({ variable }) => names.includes(variable));
  }
}
