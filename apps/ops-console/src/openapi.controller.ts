/** `/api/openapi.json`: the description that requests and answers are checked against. */
import { Controller, Get, Header } from '@nestjs/common';
import { Needs } from './access/needs.ts';
import { openApiText } from './api/openapi.ts';

const TEXT = openApiText();

@Controller('api')
export class OpenApiController {
  @Get('openapi.json')
  @Header('content-type', 'application/json')
  @Needs('nobody-known')
  document(): string {
    return TEXT;
  }
}
