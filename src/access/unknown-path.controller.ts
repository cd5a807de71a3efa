import { All, Controller, NotFoundException } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

/** What is not there under `/v1`: a route, so that the key is asked for first and unauthenticated clients learn no paths. */
@ApiExcludeController()
@Controller('v1')
export class UnknownPathController {
  @All(['', '*'])
  notFound(): never {
    throw new NotFoundException();
  }
}
