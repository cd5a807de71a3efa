import type { DataSource } from 'typeorm';
import type { SettingFault } from '../config/settings.error';
import type { GoogleApiClient } from '../google-project/google-api.client';
import type { ProjectPlan } from '../google-project/project-plan';
import type { ServiceClient } from './service.client';

/** Something that is not there, and why. */
export interface Absent {
  detail: string;
  remedy: string;
}

/** What the checks look at. What was found out for one is there for the others. */
export interface DoctorContext {
  environment: Record<string, string | undefined>;
  faults: readonly SettingFault[];
  /** Replaces the origin of every Google URL. */
  origin: string | undefined;
  /** How the Google side should be; undefined when the settings do not say. */
  plan: ProjectPlan | undefined;
  /** Google's administration, or why there is none. */
  google: { api: GoogleApiClient } | { absent: Absent };
  /** The database, connected; or why it is not. */
  database: { dataSource: DataSource } | { absent: Absent; isFault: boolean };
  /** Null when the database does not say it. */
  installation: string | null;
  service: ServiceClient;
}
