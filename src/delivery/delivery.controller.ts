import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { Page } from '../common/http/page';
import { Problem } from '../common/http/problem';
import { DeliveryDto, DeliveryPageDto, ListDeliveriesQuery } from './delivery.dto';
import { DeliveryService } from './delivery.service';
import type { Delivery } from './delivery.types';

@ApiTags('Deliveries')
@ApiBearerAuth()
@Controller('v1/deliveries')
export class DeliveryController {
  constructor(private readonly deliveries: DeliveryService) {}

  @Get()
  @ApiOperation({
    operationId: 'listDeliveries',
    summary: 'List deliveries with their attempts, the newest events first',
  })
  @ApiOkResponse({ type: DeliveryPageDto })
  @ApiResponse({ status: 400, type: Problem })
  list(@Query() { limit, cursor, ...filter }: ListDeliveriesQuery): Promise<Page<Delivery>> {
    return this.deliveries.list(filter, { limit, cursor });
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getDelivery', summary: 'Get one delivery' })
  @ApiOkResponse({ type: DeliveryDto })
  @ApiResponse({ status: 404, type: Problem })
  get(@Param('id') id: string): Promise<Delivery> {
    return this.deliveries.get(id);
  }

  @Post(':id/retry')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'retryDelivery',
    summary: 'Try a dead delivery again, with all its attempts anew',
  })
  @ApiAcceptedResponse({ type: DeliveryDto })
  @ApiResponse({ status: 404, type: Problem, description: 'Also when its event has left the log' })
  @ApiResponse({ status: 409, type: Problem, description: '`delivery_not_dead`' })
  retry(@Param('id') id: string): Promise<Delivery> {
    return this.deliveries.retry(id);
  }
}
