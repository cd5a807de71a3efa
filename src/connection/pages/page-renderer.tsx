import { createHash } from 'node:crypto';
import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { BrandSettings, Language } from '../../config/settings';
import { AskPage, type AskView } from './ask.page';
import { DonePage, type FailedView, FailedPage } from './end.page';
import type { Frame } from './layout';
import { permissionsOf } from './permissions';
import { styleOf } from './style';
import { WORDS } from './words/all';

/** A page as it is sent. */
export interface RenderedPage {
  html: string;
  language: Language;
  /** Its Content-Security-Policy. */
  policy: string;
}

/** Makes the pages of one brand. Everything that is shown is text, and is escaped. */
export class PageRenderer {
  private readonly style: string;
  private readonly policy: string;

  constructor(
    private readonly brand: BrandSettings,
    private readonly scopes: readonly string[],
  ) {
    this.style = styleOf(brand.accentColor);
    const hash = createHash('sha256').update(this.style).digest('base64');
    const logo = brand.logoUrl === undefined ? '' : `; img-src ${sourceOf(brand.logoUrl)}`;
    this.policy = `default-src 'none'; style-src 'sha256-${hash}'${logo}; base-uri 'none'; frame-ancestors 'none'`;
  }

  /** @param formTargets where the form leads, and whatever redirects it on: Chromium checks each of them */
  ask(language: Language, formTargets: string[], view: Omit<AskView, 'permissions'>): RenderedPage {
    const frame = this.frame(language);
    const page = <AskPage frame={frame} permissions={permissionsOf(this.scopes)} {...view} />;
    return this.render(language, page, ["'self'", ...formTargets]);
  }

  done(language: Language, address: string): RenderedPage {
    return this.render(language, <DonePage frame={this.frame(language)} address={address} />);
  }

  failed(language: Language, view: FailedView): RenderedPage {
    return this.render(language, <FailedPage frame={this.frame(language)} {...view} />);
  }

  private frame(language: Language): Frame {
    return {
      brand: { ...this.brand, name: leftToItself(this.brand.name) },
      style: this.style,
      language,
      words: WORDS[language],
    };
  }

  private render(language: Language, page: VNode, formTargets = ["'none'"]): RenderedPage {
    const policy = `${this.policy}; form-action ${[...new Set(formTargets)].join(' ')}`;
    return { html: `<!doctype html>${renderToString(page)}`, language, policy };
  }
}

/** Without the characters that turn the direction of what follows them. */
function leftToItself(name: string): string {
  return name.replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, '');
}

/** A URL as a source of a policy: without the query, and without what would end the source. */
function sourceOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname.replaceAll(';', '%3B').replaceAll(',', '%2C');
}
