import { Injectable } from '@nestjs/common';
import { googleUrl } from '../../config/google-url';
import { BrandSettings, GoogleSettings } from '../../config/settings';
import type { ConnectError } from '../connection.errors';
import { chooseLanguage } from './accept-language';
import type { FailedView } from './end.page';
import type { PageRenderer, RenderedPage } from './page-renderer';
import { EXPLAINED } from './words/words';

/** The pages that an owner of a mailbox sees before and after Google's, in a language of theirs. */
@Injectable()
export class ConnectPagesService {
  private renderer: Promise<PageRenderer> | undefined;

  constructor(
    private readonly brand: BrandSettings,
    private readonly google: GoogleSettings,
  ) {}

  /** Whether the operator wants them. */
  get areOn(): boolean {
    return this.brand.connectPage;
  }

  /**
   * @param languages the header Accept-Language
   * @param redirectUrl where the owner may be sent in the end without a click in between
   */
  async ask(
    languages: string | undefined,
    { action, address, redirectUrl }: { action: string; address?: string; redirectUrl?: string },
  ): Promise<RenderedPage> {
    const google = new URL(googleUrl(this.google.origin, 'https://accounts.google.com/')).origin;
    const targets = [google, ...(redirectUrl === undefined ? [] : [new URL(redirectUrl).origin])];
    return (await this.load()).ask(this.choose(languages), targets, { action, address });
  }

  async done(languages: string | undefined, address: string): Promise<RenderedPage> {
    return (await this.load()).done(this.choose(languages), address);
  }

  async failed(
    languages: string | undefined,
    { code, remedy }: Pick<ConnectError, 'code' | 'remedy'>,
    ways: Partial<Pick<FailedView, 'retryUrl' | 'backUrl'>> = {},
  ): Promise<RenderedPage> {
    // What Google says that has no words here is an error of Google's.
    const known = EXPLAINED.find((one) => one === code) ?? 'google_error';
    const explained = remedy === undefined ? known : 'operator';
    const { retryUrl, backUrl } = ways;
    return (await this.load()).failed(this.choose(languages), { explained, code, retryUrl, backUrl });
  }

  private choose(languages: string | undefined) {
    return chooseLanguage(languages, this.brand.languages);
  }

  /** What makes the pages is loaded when the first owner comes. */
  private load(): Promise<PageRenderer> {
    return (this.renderer ??= import('./page-renderer.js').then(
      ({ PageRenderer }) => new PageRenderer(this.brand, this.google.gmailScopes),
    ));
  }
}
