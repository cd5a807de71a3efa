import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONSOLE_ROOT } from '../console-root';

const FILES = {
  'console.css': 'text/css',
  'console.js': 'text/javascript',
  'icon.svg': 'image/svg+xml',
} as const;

export type AssetName = keyof typeof FILES;

export interface Asset {
  path: string;
  type: string;
  content: Buffer;
}

/** What pages load: each under a path that changes with its content, so that browsers may keep it for ever. */
export class ConsoleAssets {
  private readonly assets = new Map<AssetName, Asset>();

  constructor() {
    for (const [name, type] of Object.entries(FILES) as [AssetName, string][]) {
      const content = readFileSync(join(__dirname, name));
      const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
      const path = `${CONSOLE_ROOT}/assets/${name.replace('.', `.${hash}.`)}`;
      this.assets.set(name, { path, content, type: `${type}; charset=utf-8` });
    }
  }

  pathOf(name: AssetName): string {
    return this.assets.get(name)!.path;
  }

  find(path: string): Asset | undefined {
    return [...this.assets.values()].find((asset) => asset.path === path);
  }
}
