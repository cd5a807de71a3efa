/** The ids that the examples of the API's description use, so that they belong together. */
export const EXAMPLE_ID = {
  mailbox: 'mbx_01h455vb4pex5vsknk084sn02q',
  event: 'evt_01h456c7jaf3c8rkhq5mn2wxyz',
  endpoint: 'end_01h4563v8wfz1sbn4x7d9m5k3p',
  delivery: 'dlv_01h456c7jaf3c8rkhq5mn2wxyz01h4563v8wfz1sbn4x7d9m5k3p',
  connectSession: 'cns_01h455tq6hf9a8d2b1w0c7e5gz',
  apiKey: 'key_01h455rmv2e9tbkp3xq6n8s4wd',
  /** As Gmail has them. */
  message: '193069c43a8c3b7c',
  attachment: 'ANGjdJ8wL2x5TqkQ',
} as const;
