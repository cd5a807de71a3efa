import { type DynamicModule, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { ConfigModule } from './config/config.module';
import type { Settings } from './config/settings';
import { DatabaseModule } from './database/database.module';
import { DeliveryModule } from './delivery/delivery.module';
import { EventModule } from './event/event.module';
import { MailboxModule } from './mailbox/mailbox.module';

/** The table of contents. */
@Module({})
export class AppModule {
  static of(settings: Settings): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.of(settings),
        DatabaseModule,
        ScheduleModule.forRoot(),
        MailboxModule,
        EventModule,
        DeliveryModule,
      ],
    };
  }
}
