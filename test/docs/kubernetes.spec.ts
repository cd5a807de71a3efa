import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { EnvironmentVariables } from '../../src/config/environment-variables';
import { SETTING_NAMES, validateEnvironment } from '../../src/config/validate-environment';

interface Named {
  name: string;
}
type Labels = Record<string, string>;
interface Backend {
  path: string;
  backend: { service: { name: string; port: Named } };
}
interface Container extends Named {
  image: string;
  env: (Named & { value: string })[];
  envFrom: Record<string, Named>[];
  ports: (Named & { containerPort: number })[];
  lifecycle: { preStop: { sleep: { seconds: number } } };
  volumeMounts: (Named & { mountPath: string })[];
  [probe: `${string}Probe`]: { httpGet: { path: string; port: string } };
}
/** As much of the objects of Kubernetes as the tests ask for. */
interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: Named;
  data: Record<string, string>;
  spec: {
    selector: Labels & { matchLabels: Labels };
    ports: (Named & { targetPort: string })[];
    rules: { http: { paths: Backend[] } }[];
    template: {
      metadata: { labels: Labels };
      spec: {
        terminationGracePeriodSeconds: number;
        topologySpreadConstraints: { labelSelector: { matchLabels: Labels } }[];
        containers: [Container];
        volumes: Named[];
      };
    };
  };
}

const text = readFileSync('docs/kubernetes.md', 'utf8');
const [manifests, ingress, patch] = [...text.matchAll(/```yaml\n(.*?)```/gs)].map(([, block]) =>
  parseAllDocuments(block!).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Manifest;
  }),
) as [Manifest[], [Manifest], [Manifest]];
const [configMap, deployment, service, budget] = manifests as [Manifest, Manifest, Manifest, Manifest];
const pod = deployment.spec.template;
const [container] = pod.spec.containers;

const routes = Object.keys(
  (JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as { paths: object }).paths,
);
/** How long a process takes from SIGTERM to its end, at most (s). */
const MAX_STOP_SECONDS = 10;

describe('docs/kubernetes.md', () => {
  it('has each object in the version of its API that clusters serve', () => {
    expect([...manifests, ...ingress].map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)).toEqual([
      'v1 ConfigMap',
      'apps/v1 Deployment',
      'v1 Service',
      'policy/v1 PodDisruptionBudget',
      'networking.k8s.io/v1 Ingress',
    ]);
  });

  it('has settings with which the service starts', () => {
    const secret = /cat > secret\.env <<EOF\n(?<lines>.*?)EOF/s.exec(text)!.groups!.lines!;
    const secretNames = [...secret.matchAll(/^(\w+)=/gm)].map(([, name]) => name!);
    const examples: Record<string, string> = {
      DATABASE_URL: 'postgres://inboxwire:password@postgres.example.com:5432/inboxwire?sslmode=require',
      API_KEY: 'k'.repeat(64),
      ENCRYPTION_KEYS: `1:${Buffer.alloc(32, 1).toString('base64')}`,
      GOOGLE_CLIENT_SECRET: 'secret',
    };
    expect(secretNames).toEqual(Object.keys(examples));
    expect(Object.keys(configMap.data).filter((name) => !SETTING_NAMES.includes(name))).toEqual([]);
    expect(() => validateEnvironment({ ...configMap.data, ...examples })).not.toThrow();
    expect(container.envFrom).toEqual([
      { configMapRef: { name: configMap.metadata.name } },
      { secretRef: { name: 'inboxwire' } },
    ]);
  });

  it('selects the pods of the Deployment, everywhere', () => {
    const { labels } = pod.metadata;
    expect([
      deployment.spec.selector.matchLabels,
      service.spec.selector,
      budget.spec.selector.matchLabels,
      ...pod.spec.topologySpreadConstraints.map(({ labelSelector }) => labelSelector.matchLabels),
    ]).toEqual([labels, labels, labels, labels]);
  });

  it('leads from the Ingress over the Service to the port on which the service listens', () => {
    const [rule] = ingress[0].spec.rules;
    for (const { backend } of rule!.http.paths) {
      expect(backend.service.name).toBe(service.metadata.name);
      const port = service.spec.ports.find(({ name }) => name === backend.service.port.name);
      const { containerPort } = container.ports.find(({ name }) => name === port?.targetPort)!;
      expect(String(containerPort)).toBe(new EnvironmentVariables().PORT);
    }
  });

  it('makes public what deploy.md says, and no more', () => {
    const paths = ingress[0].spec.rules[0]!.http.paths.map(({ path }) => path);
    expect(paths).toEqual(['/webhooks/gmail', '/auth/google/callback', '/connect']);
    for (const path of paths)
      expect(routes.some((route) => route === path || route.startsWith(`${path}/`))).toBe(true);
  });

  it.each(['startupProbe', 'readinessProbe', 'livenessProbe'] as const)('has a %s that exists', (probe) => {
    const { path, port } = container[probe]!.httpGet;
    expect(routes).toContain(path);
    expect(container.ports.map(({ name }) => name)).toContain(port);
  });

  it('gives a pod the time to stop', () => {
    const { seconds } = container.lifecycle.preStop.sleep;
    expect(pod.spec.terminationGracePeriodSeconds).toBeGreaterThan(seconds + MAX_STOP_SECONDS);
  });

  it('mounts the key file where the setting says, in the same container', () => {
    const { containers, volumes } = patch[0].spec.template.spec;
    const [patched] = containers;
    expect(patched.name).toBe(container.name);
    const [{ name, value }] = patched.env as [Named & { value: string }];
    expect(SETTING_NAMES).toContain(name);
    const mount = patched.volumeMounts.find(({ mountPath }) => value.startsWith(`${mountPath}/`));
    expect(volumes.map((volume) => volume.name)).toContain(mount?.name);
  });
});

/** What pages name that looks like a setting, and is read by others. */
const OF_OTHERS = ['NODE_EXTRA_CA_CERTS', 'HTTP_PROXY', 'POSTGRES_PORT'];

it.each(['kubernetes', 'cloud-run', 'deploy'])('docs/%s.md names no setting that does not exist', (page) => {
  const named = [...readFileSync(`docs/${page}.md`, 'utf8').matchAll(/`([A-Z]+(?:_[A-Z]+)+)\b/g)];
  const names = new Set(named.map(([, name]) => name!));
  expect([...names].filter((name) => !SETTING_NAMES.includes(name) && !OF_OTHERS.includes(name))).toEqual([]);
});
