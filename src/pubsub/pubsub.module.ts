import { Module } from '@nestjs/common';
import { PubsubClient } from './pubsub.client';

/** Owns what is spoken to Pub/Sub through Google's library, which is loaded when it is first used. */
@Module({ providers: [PubsubClient], exports: [PubsubClient] })
export class PubsubModule {}
