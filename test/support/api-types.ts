import type * as api from '../../src/client/generated/types.gen';

export type {
  ApiKeyWithSecret,
  Delivery,
  DeliveryAttempt,
  Endpoint,
  EndpointPage,
  EndpointWithSecret,
  EventMessage,
  Message,
  Problem,
  Readiness,
  StatsStep,
  WholeEvent as Event,
  WholeWebhookEvent as WebhookEvent,
} from '../../src/client/generated/types.gen';

/** A test knows which of its mailboxes are erased: all others have an address. */
export type Mailbox = api.Mailbox & { emailAddress: string };
export type EventPage = Omit<api.EventPage, 'data'> & { data: api.WholeEvent[] };
type MailboxPage = Omit<api.MailboxPage, 'data'> & { data: Mailbox[] };

/** An answer as it is where nothing is erased. */
type Whole<Body> = Body extends api.Mailbox
  ? Mailbox
  : Body extends api.MailboxPage
    ? MailboxPage
    : Body extends api.EventPage
      ? EventPage
      : Body extends api.Event
        ? api.WholeEvent
        : Body;

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Each operation: its method, where it is, and what it is answered with. */
type Operation =
  | ['GET', api.ListApiKeysData, api.ListApiKeysResponses]
  | ['POST', api.CreateApiKeyData, api.CreateApiKeyResponses]
  | ['GET', api.GetApiKeyData, api.GetApiKeyResponses]
  | ['DELETE', api.RevokeApiKeyData, api.RevokeApiKeyResponses]
  | ['GET', api.ListEventsData, api.ListEventsResponses]
  | ['GET', api.GetEventData, api.GetEventResponses]
  | ['POST', api.CreateConnectSessionData, api.CreateConnectSessionResponses]
  | ['GET', api.GetConnectSessionData, api.GetConnectSessionResponses]
  | ['GET', api.ListMailboxesData, api.ListMailboxesResponses]
  | ['GET', api.GetMailboxData, api.GetMailboxResponses]
  | ['PATCH', api.UpdateMailboxData, api.UpdateMailboxResponses]
  | ['POST', api.CreateMailboxData, api.CreateMailboxResponses]
  | ['POST', api.CreateMailboxesData, api.CreateMailboxesResponses]
  | ['DELETE', api.DisconnectMailboxData, api.DisconnectMailboxResponses]
  | ['PUT', api.StartWatchData, api.StartWatchResponses]
  | ['DELETE', api.StopWatchData, api.StopWatchResponses]
  | ['POST', api.SyncMailboxData, api.SyncMailboxResponses]
  | ['GET', api.ListMessagesData, api.ListMessagesResponses]
  | ['POST', api.ModifyMessageData, api.ModifyMessageResponses]
  | ['POST', api.BackfillMailboxData, api.BackfillMailboxResponses]
  | ['GET', api.GetMessageData, api.GetMessageResponses]
  | ['GET', api.GetAttachmentData, api.GetAttachmentResponses]
  | ['GET', api.ListLabelsData, api.ListLabelsResponses]
  | ['GET', api.ListEndpointsData, api.ListEndpointsResponses]
  | ['POST', api.CreateEndpointData, api.CreateEndpointResponses]
  | ['GET', api.GetEndpointData, api.GetEndpointResponses]
  | ['PATCH', api.UpdateEndpointData, api.UpdateEndpointResponses]
  | ['DELETE', api.DeleteEndpointData, api.DeleteEndpointResponses]
  | ['POST', api.RotateEndpointSecretData, api.RotateEndpointSecretResponses]
  | ['POST', api.TestEndpointData, api.TestEndpointResponses]
  | ['POST', api.ReplayEventsData, api.ReplayEventsResponses]
  | ['POST', api.RecoverDeliveriesData, api.RecoverDeliveriesResponses]
  | ['GET', api.ListDeliveriesData, api.ListDeliveriesResponses]
  | ['GET', api.GetDeliveryData, api.GetDeliveryResponses]
  | ['POST', api.RetryDeliveryData, api.RetryDeliveryResponses]
  | ['GET', api.GetStatsData, api.GetStatsResponses]
  | ['GET', { url: '/health/ready' }, { 200: api.Readiness; 503: api.Readiness }]
  | ['GET', { url: '/health/live' }, { 200: api.Liveness }];

type WithoutQuery<Path extends string> = Path extends `${infer Before}?${string}` ? Before : Path;
type Segments<Path extends string> = Path extends `${infer First}/${infer Rest}`
  ? [First, ...Segments<Rest>]
  : [Path];
type AnyOfParameter<Segment> = Segment extends `{${string}}` ? string : Segment;
type Template<Url extends string> = Url extends `${infer First}/${infer Rest}`
  ? [AnyOfParameter<First>, ...Template<Rest>]
  : [AnyOfParameter<Url>];

type ResponsesOf<M extends Method, Path extends string, Each = Operation> = Each extends [
  M,
  { url: infer Url extends string },
  infer Responses,
]
  ? Path extends string
    ? Segments<WithoutQuery<Path>> extends Template<Url>
      ? Responses
      : never
    : never
  : never;

/**
 * The body of an answer with this status, as the generated client has it. `Path` is the type of a path as it is written,
 * such as `/v1/mailboxes/${string}`. Unknown where the client knows no such path, or no such status of it.
 */
export type ResponseBody<M extends Method, Path extends string, Status extends number> =
  ResponsesOf<M, Path> extends infer Responses
    ? [Responses] extends [never]
      ? Unsuccessful<Status>
      : Status extends keyof Responses
        ? Whole<Responses[Status]>
        : Unsuccessful<Status>
    : never;
type Unsuccessful<Status extends number> = `${Status}` extends `${4 | 5}${string}` ? api.Problem : unknown;

/**
 * The body of an answer whose status is not known when it is read: that of a success, as far as the client knows one, and
 * what only a problem has. Whoever reads the one and gets the other has a test that fails.
 */
export type AnyResponseBody<M extends string, Path extends string> = PartOfProblem &
  (M extends Method ? SuccessBody<ResponsesOf<M, Path>> : unknown);
type SuccessBody<Responses> = [Responses] extends [never] ? unknown : Whole<Responses[keyof Responses]>;
type PartOfProblem = Partial<Pick<api.Problem, 'code' | 'detail' | 'errors' | 'requestId'>>;
