import type { VNode } from 'preact';
import { link } from '../layout/format';

interface ErrorFacts {
  status: number;
  title: string;
  detail: string;
  requestId: string;
}

export function errorPage({ status, title, detail, requestId }: ErrorFacts): {
  title: string;
  content: VNode;
} {
  const content = (
    <div class="error-page">
      <p class="muted">{status}</p>
      <h1>{title}</h1>
      <p>{detail}</p>
      <p>
        <a class="button" href={link('/')}>
          To the overview
        </a>
      </p>
      <p class="muted small">
        Request <code>{requestId}</code>
      </p>
    </div>
  );
  return { title, content };
}
