import type { ServiceDefinition } from '@grpc/grpc-js';
import { loadPackageDefinition } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import protocol from '@google-cloud/pubsub/build/protos/protos.json';

interface Constructor {
  service: ServiceDefinition;
}

interface Package {
  google: { pubsub: { v1: { Publisher: Constructor; Subscriber: Constructor } } };
}

const loaded = loadPackageDefinition(
  fromJSON(protocol, { defaults: true, enums: String, longs: Number, keepCase: false }),
) as unknown as Package;

/** Google's own definition of the protocol, as its library has it. */
export const PUBLISHER = loaded.google.pubsub.v1.Publisher.service;
export const SUBSCRIBER = loaded.google.pubsub.v1.Subscriber.service;
