import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Whatever is held weakly only is gone afterwards. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
