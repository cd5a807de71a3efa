import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { StatsQuery, type StatsStep } from './stats.dto';
import { DescribeGetStats } from './stats.openapi';
import { StatsService } from './stats.service';

@ApiTags('Statistics')
@ApiBearerAuth()
@Controller('v1/stats')
export class StatsController {
  constructor(private readonly stats: StatsService) {}

  @Get()
  @DescribeGetStats()
  list(@Query() query: StatsQuery): Promise<StatsStep[]> {
    return this.stats.list(query);
  }
}
