/** The plugins of this folder for Stryker. */
import type { StrykerOptions } from '@stryker-mutator/api/core';
import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import { InProcessRunner } from './runner.ts';

export const strykerPlugins = [
  declareFactoryPlugin(
    PluginKind.TestRunner,
    'in-process',
    Object.assign(({ mutate }: StrykerOptions) => new InProcessRunner(mutate), {
      inject: tokens(commonTokens.options),
    }),
  ),
];
