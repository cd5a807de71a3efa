import { googleUrl } from '../../config/google-url';
import { describeError } from '../../common/describe-error';
import { type Check, failed, ok, skipped, warning } from '../check';
import type { DoctorContext } from '../doctor-context';
import { malformed } from '../setting-faults';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const CLOCK_URL = 'https://www.googleapis.com/oauth2/v3/certs';
const WARNING_SECONDS = 30;
const FAILED_SECONDS = 300;
const TIMEOUT_MS = 10_000;

interface Live {
  status?: string;
  installation?: string | null;
}

export const PUBLIC_URL_CHECK: Check = {
  name: 'public-url',
  question: 'Does PUBLIC_URL lead to this installation, over a certificate that verifies?',
  run: async (context) => {
    const { service, plan, faults, environment } = context;
    const cannotLook = malformed(faults, environment.PUBLIC_URL ? 'PUBLIC_URL' : 'PORT');
    if (cannotLook) return cannotLook;
    const url = new URL(service.publicUrl);
    if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname))
      return failed(
        `PUBLIC_URL is ${url.origin}: Pub/Sub pushes to https only, and consents would travel unprotected.`,
        'Set PUBLIC_URL to an https address, with a certificate of a public authority.',
      );
    // Nothing is pushed there with pull: then only the owners' consents need it.
    const bad = plan?.delivery === 'pull' ? warning : failed;
    try {
      const { status, body } = await service.get<Live>('/health/live', url.origin);
      if (status !== 200 || body?.status !== 'ok')
        return bad(
          `${url.origin}/health/live answers ${status}, and not as this service does.`,
          'Lead PUBLIC_URL to the service: look at the proxy or load balancer before it (docs/deploy.md).',
        );
      return ofInstallation(context, body.installation ?? null, url.origin);
    } catch (error) {
      return bad(`${describeError(error)}.`, remedyOf(error));
    }
  },
};

export const CLOCK_CHECK: Check = {
  name: 'clock',
  question: 'Is the clock of this machine right?',
  run: async ({ origin, faults }) => {
    const cannotLook = malformed(faults, 'GOOGLE_ORIGIN', 'HTTPS_PROXY');
    if (cannotLook) return cannotLook;
    try {
      const asked = Date.now();
      const response = await fetch(googleUrl(origin, CLOCK_URL), { signal: AbortSignal.timeout(TIMEOUT_MS) });
      const here = (asked + Date.now()) / 2;
      await response.body?.cancel();
      return classifyClock((here - Date.parse(response.headers.get('date') ?? '')) / 1_000);
    } catch (error) {
      return failed(
        `Google is out of reach: ${describeError(error)}`,
        'Let this machine reach googleapis.com over https, or name a proxy in HTTPS_PROXY.',
      );
    }
  },
};

/** @param ahead how many seconds this machine is ahead of Google */
export function classifyClock(ahead: number): ReturnType<typeof ok> {
  if (Number.isNaN(ahead)) return skipped('Google’s answer has no date.', 'Try again later.');
  const seconds = Math.round(Math.abs(ahead));
  const detail = `This machine is ${seconds} s ${ahead < 0 ? 'behind' : 'ahead of'} Google.`;
  const remedy = 'Set it by NTP: signed tokens of pushes and webhooks are valid for minutes only.';
  if (seconds > FAILED_SECONDS) return failed(detail, remedy);
  return seconds > WARNING_SECONDS ? warning(detail, remedy) : ok(detail);
}

function ofInstallation({ installation, service }: DoctorContext, found: string | null, origin: string) {
  if (installation !== null && found !== null && found !== installation)
    return failed(
      `${origin} leads to another installation than that of this database.`,
      'Correct PUBLIC_URL or DATABASE_URL: pushes would go to the other one.',
    );
  // What does not name its installation may be anybody's, and is sent no key.
  if (found !== null) service.origin = origin;
  if (installation === null || found === null)
    return warning(
      `${origin} leads to an Inboxwire; whether it is this one is known with the database.`,
      'Let the database be reached from here, and run doctor again.',
    );
  return ok(`${origin} leads to this installation.`);
}

function remedyOf(error: unknown): string {
  const text = describeError(error);
  if (/certificate|self.signed|CERT|altname|SSL|TLS/i.test(text))
    return 'Use a certificate of a public authority for this name, with its whole chain: Pub/Sub does not push to others.';
  if (/ENOTFOUND|EAI_AGAIN/.test(text)) return 'Make a DNS record for the name in PUBLIC_URL, or correct it.';
  return 'Start the service, and let PUBLIC_URL lead to it from the internet. Without a public address: PUBSUB_DELIVERY=pull.';
}
