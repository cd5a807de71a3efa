import { someSettings } from '../config/some-settings';
import type { SettingFault } from '../config/settings.error';
import { projectPlan, type ProjectPlan } from './project-plan';

const NAMES = [
  'PUBSUB_TOPIC',
  'PUBSUB_SUBSCRIPTION',
  'PUBSUB_DELIVERY',
  'PUBSUB_PUSH_SERVICE_ACCOUNT',
  'PUBSUB_PUSH_AUDIENCE',
  'PUBLIC_URL',
  'PORT',
  'GOOGLE_ORIGIN',
  'HTTPS_PROXY',
] as const;

export interface ReadPlan {
  /** Undefined when a setting stands in the way. */
  plan: ProjectPlan | undefined;
  faults: SettingFault[];
  /** Replaces the origin of every Google URL. */
  origin: string | undefined;
}

/** Reads what the Google side should be from the settings; only those that say so have to be right. */
export function readPlan(environment: Record<string, string | undefined>): ReadPlan {
  const { values, faults: found } = someSettings(environment, NAMES);
  const isPull = values.PUBSUB_DELIVERY === 'pull';
  const faults = found.filter(({ variable }) => !isPull || variable !== 'PUBSUB_PUSH_SERVICE_ACCOUNT');
  const origin =
    values.GOOGLE_ORIGIN && !faults.some(({ variable }) => variable === 'GOOGLE_ORIGIN')
      ? new URL(values.GOOGLE_ORIGIN).origin
      : undefined;
  if (faults.length > 0) return { plan: undefined, faults, origin };
  const publicUrl = new URL(values.PUBLIC_URL ?? `http://localhost:${values.PORT ?? 3000}`).origin;
  const plan = projectPlan({
    topic: values.PUBSUB_TOPIC!,
    subscription: values.PUBSUB_SUBSCRIPTION!,
    delivery: isPull ? 'pull' : 'push',
    serviceAccount: values.PUBSUB_PUSH_SERVICE_ACCOUNT,
    publicUrl,
    audience: values.PUBSUB_PUSH_AUDIENCE ?? `${publicUrl}/webhooks/gmail`,
    isLocal: origin !== undefined,
  });
  return { plan, faults, origin };
}
