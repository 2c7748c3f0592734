import type { ModelStore } from '../../models/store.ts';
import type { Secrets } from '../secrets.ts';
import type { Vscode } from '../vscode.ts';
import type { NeedId } from './chosen.ts';
import type { LanguageModels } from './language-models.ts';

/**
 * `ready`: it can work now. `fetch`: its model is fetched first. `key`: it wants a key. `ask`: where it is must be
 * said. `missing`: it is not here.
 */
export type Readiness = 'ready' | 'fetch' | 'key' | 'ask' | 'missing';

/** Something that can do the work of a need. */
export interface EngineOption {
  readonly name: string;
  readonly readiness: Readiness;
  /** What it is, its size, licence and memory: short parts. */
  readonly about: readonly string[];
  readonly inUse: boolean;
  /** What does the work now where the option itself does not say it: `Automatic`. */
  readonly worker?: { readonly name: string; readonly ready: boolean };
  /** Gets it ready and makes it the default. False when it is not: the person went away, or was told why. */
  choose(): Promise<boolean>;
}

/** A kind of work that engines do. */
export interface Need {
  readonly id: NeedId;
  readonly title: string;
  options(): Promise<readonly EngineOption[]>;
  /** The option that is in use. It wakes no other extension unless that one is in use. */
  used(): Promise<EngineOption | undefined>;
}

/** What needs work with. */
export interface EngineParts {
  readonly vscode: Vscode;
  readonly secrets: Secrets;
  readonly languageModels: LanguageModels;
  /** The models of the settings' folder. */
  readonly store: () => ModelStore;
}
