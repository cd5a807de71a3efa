/** What a mailbox owner reads when there is nowhere to redirect to. */
export interface PageContent {
  title: string;
  text: string;
  /** Small print: a code to quote to whoever runs this. */
  code?: string;
  /** What to press next. */
  action?: { label: string; href: string };
}

const STYLE = `
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #f6f7f9; color: #1c2024;
         font: 16px/1.5 system-ui, sans-serif }
  main { max-width: 26rem; margin: 1rem; padding: 2rem; background: #fff; border: 1px solid #e3e6ea; border-radius: 12px }
  h1 { margin: 0 0 .5rem; font-size: 1.25rem }
  p { margin: 0; overflow-wrap: anywhere }
  a { display: inline-block; margin-top: 1.25rem; padding: .5rem 1.25rem; border-radius: 999px; background: #0b57d0; color: #fff;
      text-decoration: none }
  small { display: block; margin-top: 1rem; color: #6b7280 }
  @media (prefers-color-scheme: dark) {
    body { background: #14161a; color: #e6e8eb }
    main { background: #1c1f24; border-color: #2c3138 }
  }`;

/** A page without anything from elsewhere. All of the content is text and is escaped. */
export function page({ title, text, code, action }: PageContent): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escape(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escape(title)}</h1>
<p>${escape(text)}</p>${action === undefined ? '' : `\n<a href="${escape(action.href)}">${escape(action.label)}</a>`}${code === undefined ? '' : `\n<small>${escape(code)}</small>`}
</main>
</body>
</html>
`;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
