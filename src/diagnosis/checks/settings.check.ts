import { misspeltSettings } from '../../config/misspelt-settings';
import { describeFault } from '../../config/settings.error';
import { type Check, failed, ok, warning } from '../check';

export const SETTINGS_CHECK: Check = {
  name: 'settings',
  question: 'Can the service start with these settings?',
  run: async ({ faults, environment }) => {
    if (faults.length > 0)
      return failed(
        faults.map(describeFault).join('; '),
        'Correct them in the environment or in .env; .env.example lists every setting.',
      );
    const misspelt = misspeltSettings(environment);
    if (misspelt.length > 0)
      return warning(
        misspelt.map(({ name, meant }) => `${name} is no setting; perhaps ${meant} was meant`).join('; '),
        'Rename or remove it: nothing reads it.',
      );
    return ok('They are complete and well-formed.');
  },
};
