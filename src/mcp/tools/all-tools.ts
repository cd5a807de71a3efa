import type { AgentServices } from '../agent-services';
import type { Tool } from '../tool';
import { eventTools } from './event-tools';
import { mailTools } from './mail-tools';
import { mailboxTools } from './mailbox-tools';

/** In the order in which an agent needs them. */
export function allTools(services: AgentServices, _gmailScopes: string[]): Tool[] {
  return [...mailboxTools(services), ...eventTools(services), ...mailTools(services)];
}
