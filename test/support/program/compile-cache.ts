import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The setting of Node with which a program keeps its compiled code from start to start: a start is mostly compiling. */
export const COMPILE_CACHE = { NODE_COMPILE_CACHE: join(tmpdir(), 'inboxwire-compile-cache') };
