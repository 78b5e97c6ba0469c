// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';
import { placed } from '../../model/recipe';
import type { Recipe } from '../../model/recipe';
import type { Ports } from '../../model/overview';
import { CodeView } from '../../ui/CodeView';
import { Tabs } from '../../ui/Tabs';
import { recipes } from './recipes';
import styles from './SetupGuide.module.css';

const usualPorts = { grpc: 4317, http: 4318 };
const panelId = 'setup-recipe';
const tabs = recipes.map(({ id, title }) => ({ id, label: title }));

/** How each framework sends its telemetry to this server, ready to be pasted. */
export function SetupGuide(props: {
  /** Undefined while the server has not said where it receives. */
  readonly ports: Ports | undefined;
}) {
  const { ports } = props;
  const [chosen, setChosen] = useState(recipes[0]?.id ?? '');
  const recipe = recipes.find(({ id }) => id === chosen);
  const host = window.location.hostname;
  const otlp = `http://${host}:${ports?.otlpHttp ?? usualPorts.http}`;
  const isGuess = ports?.otlpHttp === undefined;
  return (
    <div className={styles.guide}>
      <dl className={styles.ends}>
        <dt>OTLP over HTTP</dt>
        <dd>
          <code>{otlp}</code>
        </dd>
        <dt>OTLP over gRPC</dt>
        <dd>
          <code>
            http://{host}:{ports?.otlpGrpc ?? usualPorts.grpc}
          </code>
        </dd>
      </dl>
      {isGuess && <p>These are the usual ports; the server may have been started with others.</p>}
      <Tabs
        label="Framework"
        panelId={panelId}
        items={tabs}
        selected={chosen}
        onSelect={setChosen}
      />
      <div id={panelId} role="tabpanel" aria-label={recipe?.title} className={styles.recipe}>
        {recipe !== undefined && (
          <RecipeSteps key={recipe.id} recipe={recipe} otlp={otlp} web={window.location.origin} />
        )}
      </div>
    </div>
  );
}

function RecipeSteps(props: {
  readonly recipe: Recipe;
  readonly otlp: string;
  readonly web: string;
}) {
  const { recipe, otlp, web } = props;
  const { install, code, run, note } = recipe;
  return (
    <>
      {note !== '' && <p>{note}</p>}
      {install !== '' && <CodeView value={install} />}
      <CodeView value={placed(code.trimEnd(), { otlp, web })} />
      {run !== '' && <CodeView value={run} />}
    </>
  );
}
