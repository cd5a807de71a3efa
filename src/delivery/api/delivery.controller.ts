import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiId, ApiProblems } from '../../http/api-problems';
import { EXAMPLE_ID } from '../../http/problem';
import type { Page } from '../../http/page';
import { NotFoundError } from '../../common/inboxwire.error';
import { DeliveryDto, DeliveryPageDto, ListDeliveriesQuery } from './delivery.dto';
import { DELIVERY, DELIVERY_PAGE, RETRIED_DELIVERY } from './delivery.openapi';
import { DeliveryNotDeadError, DeliveryService } from './delivery.service';
import type { Delivery } from '../attempt/delivery.types';

const NOT_FOUND = new NotFoundError('delivery', EXAMPLE_ID.delivery);

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
  @ApiOkResponse({ type: DeliveryPageDto, description: 'A page of deliveries', example: DELIVERY_PAGE })
  list(@Query() { limit, cursor, ...filter }: ListDeliveriesQuery): Promise<Page<Delivery>> {
    return this.deliveries.list(filter, { limit, cursor });
  }

  @Get(':id')
  @ApiId('delivery', EXAMPLE_ID.delivery)
  @ApiOperation({ operationId: 'getDelivery', summary: 'Get one delivery' })
  @ApiOkResponse({ type: DeliveryDto, description: 'The delivery', example: DELIVERY })
  @ApiProblems(NOT_FOUND)
  get(@Param('id') id: string): Promise<Delivery> {
    return this.deliveries.get(id);
  }

  @Post(':id/retry')
  @HttpCode(202)
  @ApiId('delivery', EXAMPLE_ID.delivery)
  @ApiOperation({
    operationId: 'retryDelivery',
    summary: 'Try a dead delivery again, with all its attempts anew',
    description: 'It is not found when its event has left the log.',
  })
  @ApiAcceptedResponse({
    type: DeliveryDto,
    description: 'It will be tried again',
    example: RETRIED_DELIVERY,
  })
  @ApiProblems(NOT_FOUND, new DeliveryNotDeadError(DELIVERY))
  retry(@Param('id') id: string): Promise<Delivery> {
    return this.deliveries.retry(id);
  }
}
