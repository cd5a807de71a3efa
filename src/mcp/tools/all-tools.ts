import type { AgentServices } from '../agent-services';
import type { Tool } from '../tool';
import { eventTools } from './event-tools';
import { labelTools } from './label-tools';
import { mailTools } from './mail-tools';
import { mailboxTools } from './mailbox-tools';

/**
 * In the order in which an agent needs them.
 *
 * @param changesLabels whether owners are asked to allow it
 */
export function allTools(services: AgentServices, changesLabels: boolean): Tool[] {
  return [
    ...mailboxTools(services),
    ...eventTools(services),
    ...mailTools(services),
    ...labelTools(services, changesLabels),
  ];
}
