import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync } from 'class-validator';
import { EnvironmentVariables } from './environment-variables';
import { placeholderIn } from './placeholders';
import { type SettingFault, SettingsError } from './settings.error';
import { strayMarks } from './stray-marks';

/** Secrets that are generated beside the embedded database, but must be given with a database of one's own. */
const REQUIRED_WITH_DATABASE_URL = {
  API_KEY: 'a key of at least 24 characters, since DATABASE_URL is set; `openssl rand -base64 32` makes one',
  ENCRYPTION_KEYS:
    'id:base64-of-32-bytes, since DATABASE_URL is set; `echo "1:$(openssl rand -base64 32)"` makes one',
} as const;

/**
 * Checks the environment. An empty variable counts as unset, as `docker compose` writes unset ones.
 *
 * @throws SettingsError with every fault at once
 */
export function validateEnvironment(environment: Record<string, string | undefined>): EnvironmentVariables {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const variables = plainToInstance(EnvironmentVariables, pickKnown(given), { exposeDefaultValues: true });
  const faults: SettingFault[] = validateSync(variables).map(({ property, constraints }) => ({
    variable: property,
    expected: Object.values(constraints ?? {})[0] ?? 'another value',
  }));
  for (const variable of SETTING_NAMES) {
    const placeholder = placeholderIn(variable, given[variable]);
    if (placeholder !== undefined && !faults.some((fault) => fault.variable === variable))
      faults.push({ variable, expected: `a value of your own in place of ${placeholder}` });
  }
  for (const [variable, value] of Object.entries(pickKnown(given))) {
    const stray = strayMarks(variable, value!);
    const fault = faults.find((one) => one.variable === variable);
    if (stray !== undefined && fault) fault.expected += `; and ${stray}`;
    else if (stray !== undefined) faults.push({ variable, expected: stray });
  }
  if (variables.DATABASE_URL !== undefined)
    for (const [variable, expected] of Object.entries(REQUIRED_WITH_DATABASE_URL))
      if (given[variable] === undefined) faults.push({ variable, expected });
  if (faults.length > 0) throw new SettingsError(faults);
  return variables;
}

/** The machine's environment holds much else, among it names that would collide with methods of Object. */
function pickKnown(given: Record<string, string | undefined>): Record<string, string | undefined> {
  return Object.fromEntries(
    SETTING_NAMES.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])),
  );
}

/** Every variable that Inboxwire reads: the properties of the class that have a rule. */
export const SETTING_NAMES: readonly string[] = [
  ...new Set(
    getMetadataStorage()
      .getTargetValidationMetadatas(EnvironmentVariables, '', false, false)
      .map(({ propertyName }) => propertyName),
  ),
];
