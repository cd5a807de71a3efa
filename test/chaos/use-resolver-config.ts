import { SYSTEM_FILES } from '../../src/delivery/egress/system-names';

/** Preloaded (`node --require`) into a program: it looks names up as this file says, and not as the system's does. */
if (process.env.RESOLVER_CONFIG) SYSTEM_FILES.resolverConfig = process.env.RESOLVER_CONFIG;
