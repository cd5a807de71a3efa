import { Global, Module } from '@nestjs/common';
import { KeptData } from './kept-data';
import { KeptRowsStore } from './kept-rows.store';

/** Owns the list of what is kept of a mailbox. Each module names its own to it; `connection` erases all of it. */
@Global()
@Module({
  providers: [KeptData, KeptRowsStore],
  exports: [KeptData, KeptRowsStore],
})
export class ErasureModule {}
