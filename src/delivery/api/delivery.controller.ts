import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Page } from '../../http/page';
import type { Delivery } from '../attempt/delivery.types';
import { ListDeliveriesQuery } from './delivery.dto';
import { ApiGetDelivery, ApiListDeliveries, ApiRetryDelivery } from './delivery.openapi';
import { DeliveryService } from './delivery.service';

@ApiTags('Deliveries')
@ApiBearerAuth()
@Controller('v1/deliveries')
export class DeliveryController {
  constructor(private readonly deliveries: DeliveryService) {}

  @Get()
  @ApiListDeliveries()
  list(@Query() { limit, cursor, ...filter }: ListDeliveriesQuery): Promise<Page<Delivery>> {
    return this.deliveries.list(filter, { limit, cursor });
  }

  @Get(':id')
  @ApiGetDelivery()
  get(@Param('id') id: string): Promise<Delivery> {
    return this.deliveries.get(id);
  }

  @Post(':id/retry')
  @HttpCode(202)
  @ApiRetryDelivery()
  retry(@Param('id') id: string): Promise<Delivery> {
    return this.deliveries.retry(id);
  }
}
