/** Contender 1, bare Koa: the cost of HTTP alone. */
import Koa from 'koa';
import { listen } from './listen.ts';

const app = new Koa();
app.use((context) => {
  context.body = 'hello';
});
listen(app);
