import { Injectable } from '@nestjs/common';
import { ReadAdmissionHook } from '../access/read-admission.hook';
import { canChangeLabels } from '../auth/scopes';
import { GoogleSettings } from '../config/settings';
import type { AgentServer } from './agent-server';
import { AgentServices } from './agent-services';
import { ApiSchemas } from './api-schemas';

/** The SDK takes some 30 MB and a third of a second: only installations that agents call pay for it. */
@Injectable()
export class AgentServerLoader {
  private server: Promise<AgentServer> | undefined;

  constructor(
    private readonly services: AgentServices,
    private readonly admission: ReadAdmissionHook,
    private readonly google: GoogleSettings,
    private readonly schemas: ApiSchemas,
  ) {}

  get(): Promise<AgentServer> {
    return (this.server ??= this.load());
  }

  private async load(): Promise<AgentServer> {
    const { AgentServer } = await import('./agent-server.js');
    const { allTools } = await import('./tools/all-tools.js');
    return new AgentServer(
      allTools(this.services, canChangeLabels(this.google.gmailScopes)),
      this.admission,
      this.schemas,
    );
  }
}
