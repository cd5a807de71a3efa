import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { Layout, type LayoutProps } from './layout';

export function renderPage(props: LayoutProps): string {
  return `<!doctype html>${renderToString(<Layout {...props} />)}`;
}

/** A part of a page, for one that is open. */
export function renderFragment(content: VNode): string {
  return renderToString(content);
}
