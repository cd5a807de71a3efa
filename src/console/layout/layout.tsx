import type { VNode } from 'preact';
import type { PageContext } from '../page';
import type { ConsoleAssets } from '../assets/console-assets';
import { Form, Notice } from './components';
import { link } from './format';
import { NOTICES } from './notices';

export interface LayoutProps {
  title: string;
  content: VNode;
  assets: ConsoleAssets;
  /** Left out for who is not signed in. */
  context?: PageContext;
}

const SECTIONS: [path: string, name: string, scope: 'read' | 'admin'][] = [
  ['/', 'Overview', 'read'],
  ['/mailboxes', 'Mailboxes', 'read'],
  ['/events', 'Events', 'read'],
  ['/endpoints', 'Endpoints', 'read'],
  ['/api-keys', 'API keys', 'admin'],
  ['/setup', 'Setup', 'read'],
];

export function Layout({ title, content, assets, context }: LayoutProps): VNode {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>{`${title} · Inboxwire`}</title>
        <link rel="icon" href={assets.pathOf('icon.svg')} type="image/svg+xml" />
        <link rel="stylesheet" href={assets.pathOf('console.css')} />
        <script src={assets.pathOf('console.js')} defer />
      </head>
      <body class={context ? 'signed-in' : 'alone'}>
        <a class="skip" href="#content">
          Skip to the content
        </a>
        {context && <Navigation context={context} assets={assets} />}
        <main id="content" tabIndex={-1}>
          {context && <Done context={context} />}
          {content}
        </main>
      </body>
    </html>
  );
}

function Navigation({ context, assets }: { context: PageContext; assets: ConsoleAssets }): VNode {
  const { session, path } = context;
  return (
    <header class="side">
      <a class="brand" href={link('/')}>
        <img src={assets.pathOf('icon.svg')} alt="" width="24" height="24" />
        <span>Inboxwire</span>
      </a>
      <nav aria-label="Sections">
        <ul>
          {SECTIONS.filter(([, , scope]) => context.can(scope)).map(([to, name]) => (
            <li>
              <a href={link(to)} aria-current={isCurrent(to, path) ? 'page' : undefined}>
                {name}
              </a>
            </li>
          ))}
          <li>
            <a href="/docs">API</a>
          </li>
        </ul>
      </nav>
      <div class="who">
        <p>
          <span class="hidden">Signed in with </span>
          {session.keyName}
          <span class="muted"> · {session.caller.scopes.join(', ')}</span>
        </p>
        <Form context={context} action="/sign-out">
          <button class="button quiet">Sign out</button>
        </Form>
      </div>
    </header>
  );
}

function isCurrent(section: string, path: string): boolean {
  const start = path.startsWith('/deliveries') ? '/endpoints' : path;
  return section === '/' ? start === '/' : start === section || start.startsWith(`${section}/`);
}

/** What has just been done, as the page says that was led to. */
function Done({ context }: { context: PageContext }): VNode | null {
  const said = NOTICES[context.query.get('done') ?? ''];
  return said ? <Notice tone="good">{said}</Notice> : null;
}
