import { shopApi } from '../shop-api.js';

export const app = shopApi.prod;
