import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const SIZES = [
  { width: 1280, height: 800 },
  { width: 360, height: 740 },
];
const THEMES = ['light', 'dark'] as const;

const AXE = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');
/** The rules of axe about what a theme changes. */
const OF_COLOR = ['color-contrast', 'link-in-text-block'];

interface Finding {
  id: string;
  impact: string;
  nodes: { html: string }[];
}

/**
 * What is wrong with the page that is open, wide and narrow, light and dark: what axe finds serious or worse, and what makes the
 * page scroll sideways. It is loaded once for all looks.
 *
 * @param name of the pictures of the page, which are kept where `SCREENSHOTS` names a directory
 */
export async function pageFaults(page: Page, name: string): Promise<string[]> {
  const seriousFindings = await axeBeside(page);
  const faults: string[] = [];
  for (const size of SIZES)
    for (const colorScheme of THEMES) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme });
      const look = `${size.width}-${colorScheme}`;
      await keepPicture(page, `${name}-${look}`);
      if ((await overflow(page)) > 0) faults.push(`${look}: it scrolls sideways`);
      const findings = await seriousFindings(colorScheme === 'light' ? undefined : OF_COLOR);
      faults.push(...findings.map((finding) => `${look}: ${finding}`));
    }
  return faults;
}

/** Puts axe beside the page, past its policy, which forbids scripts. */
async function axeBeside(page: Page): Promise<(rules?: string[]) => Promise<string[]>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Page.enable');
  const { frameTree } = await session.send('Page.getFrameTree');
  const world = { frameId: frameTree.frame.id };
  const { executionContextId: contextId } = await session.send('Page.createIsolatedWorld', world);
  const evaluate = (expression: string) =>
    session.send('Runtime.evaluate', { contextId, expression, awaitPromise: true, returnByValue: true });
  await evaluate(AXE);
  return async (rules) => {
    const options = JSON.stringify({ resultTypes: ['violations'], ...(rules && { runOnly: rules }) });
    const { result } = await evaluate(`axe.run(${options}).then(({ violations }) => violations)`);
    return (result.value as Finding[])
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  };
}

/** By how many pixels a page is wider than its window. */
const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

async function keepPicture(page: Page, name: string): Promise<void> {
  const directory = process.env.SCREENSHOTS;
  if (directory === undefined) return;
  await mkdir(directory, { recursive: true });
  await page.screenshot({ path: join(directory, `${name}.png`), fullPage: true });
}
