import { mysql } from '../mysql.js';

export const app = mysql.dev;
