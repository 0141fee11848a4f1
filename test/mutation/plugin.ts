/** What Stryker finds of this folder. */
import { declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { InProcessRunner } from './runner.ts';

export const strykerPlugins = [
  declareFactoryPlugin(
    PluginKind.TestRunner,
    'in-process',
    Object.assign(() => new InProcessRunner(), { inject: [] as const }),
  ),
];
