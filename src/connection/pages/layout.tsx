import type { ComponentChildren } from 'preact';
import type { BrandSettings, Language } from '../../config/settings';
import type { Words } from './words/words';

/** What all pages have. */
export interface Frame {
  brand: BrandSettings;
  style: string;
  language: Language;
  words: Words;
}

/** The frame of a page: who asks stands above, and their links below. */
export const Layout = ({
  frame,
  title,
  children,
}: {
  frame: Frame;
  title: string;
  children: ComponentChildren;
}) => {
  const { brand, style, language, words } = frame;
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{title}</title>
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <main>
          <Brand {...brand} />
          {children}
        </main>
        {(brand.privacyUrl ?? brand.supportUrl) !== undefined && (
          <footer>
            {brand.privacyUrl !== undefined && <a href={brand.privacyUrl}>{words.privacy}</a>}
            {brand.supportUrl !== undefined && <a href={brand.supportUrl}>{words.support}</a>}
          </footer>
        )}
      </body>
    </html>
  );
};

const Brand = ({ name, logoUrl }: BrandSettings) => (
  <header>
    {logoUrl === undefined ? (
      <div class="letter" aria-hidden>
        {firstLetter(name)}
      </div>
    ) : (
      <img class="logo" src={logoUrl} alt="" />
    )}
    <span>
      <bdi>{name}</bdi>
    </span>
  </header>
);

function firstLetter(name: string): string {
  const [first] = new Intl.Segmenter().segment(name.trim() || '?');
  return first!.segment.toUpperCase();
}

/** The page of Google's where the owner sees who has access. */
export const GooglePermissions = ({ text, words }: { text: string; words: Words }) => (
  <p class="small">
    {text} <a href="https://myaccount.google.com/permissions">{words.revokeLink}</a>
  </p>
);
