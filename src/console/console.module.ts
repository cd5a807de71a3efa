import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module';
import { OverviewService } from './overview/overview.service';
import { OverviewStore } from './overview/overview.store';
import { SetupChecks } from './setup/setup-checks.service';
import { ConsoleAccess } from './server/console-access.service';
import { ConsolePages } from './server/console-pages.service';
import { ConsoleServer } from './server/console-server';
import { SignInService } from './server/sign-in.service';
import { ConsoleSessionService } from './session/console-session.service';
import { ConsoleSessionStore } from './session/console-session.store';
import { ConsoleStreams } from './session/console-streams.service';

/** Owns the web console: sessions and pages. Pages call the services of the API and hold no rule of their own. */
@Module({
  imports: [AccessModule],
  providers: [
    ConsoleServer,
    ConsoleAccess,
    ConsolePages,
    SignInService,
    ConsoleSessionStore,
    ConsoleSessionService,
    ConsoleStreams,
    OverviewStore,
    OverviewService,
    SetupChecks,
  ],
})
export class ConsoleModule {}
