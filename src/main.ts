/** Where the service starts: what it runs on is checked before anything else is loaded. */
import { launch } from './launch.ts';

launch();
const { serve } = await import('./serve.ts');
await serve();
