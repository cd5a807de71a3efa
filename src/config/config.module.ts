import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule as NestConfigModule, ConfigService } from '@nestjs/config';
import { Keyring } from '../common/keyring';
import {
  ApiSettings,
  ConsoleSettings,
  BrandSettings,
  DatabaseSettings,
  DeliverySettings,
  EventSettings,
  GoogleSettings,
  MessageSettings,
  PubsubSettings,
  PushSettings,
  QuotaSettings,
  SecretSettings,
  ServerSettings,
  type Settings,
  SyncSettings,
  WatchSettings,
} from './settings';

const SLICES = {
  server: ServerSettings,
  secrets: SecretSettings,
  api: ApiSettings,
  database: DatabaseSettings,
  google: GoogleSettings,
  quota: QuotaSettings,
  push: PushSettings,
  pubsub: PubsubSettings,
  watch: WatchSettings,
  sync: SyncSettings,
  message: MessageSettings,
  delivery: DeliverySettings,
  event: EventSettings,
  console: ConsoleSettings,
  brand: BrandSettings,
} as const satisfies Record<keyof Settings, unknown>;

/** Owns the settings, validated before the application is built. Everyone injects the slice that they need. */
@Module({})
export class ConfigModule {
  static of(settings: Settings): DynamicModule {
    const slices = Object.entries(SLICES).map(([name, slice]) => ({
      provide: slice,
      inject: [ConfigService],
      useFactory: (config: ConfigService) => config.getOrThrow<Settings[keyof Settings]>(name),
    }));
    const keyring = {
      provide: Keyring,
      inject: [SecretSettings],
      useFactory: ({ encryptionKeys }: SecretSettings) => new Keyring(encryptionKeys),
    };
    return {
      module: ConfigModule,
      global: true,
      // The environment has been read and checked already: Nest's module hands it on and reads nothing itself.
      imports: [
        NestConfigModule.forRoot({
          ignoreEnvFile: true,
          ignoreEnvVars: true,
          skipProcessEnv: true,
          load: [() => settings],
        }),
      ],
      providers: [...slices, keyring],
      exports: [...Object.values(SLICES), Keyring],
    };
  }
}
