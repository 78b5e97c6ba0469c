// SPDX-License-Identifier: Apache-2.0

import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useOverview } from '../../api/queries';
import { useVersion } from '../../api/settingsQueries';
import { LinesSkeleton } from '../../parts/AnswerOf';
import { useAddress } from '../../parts/useAddress';
import { Button } from '../../ui/Button';
import { FactList } from '../../ui/Facts';
import { Flow, FlowNote, FlowSection } from '../../ui/Flow';
import { densities, setPreferences, usePreferences } from '../../ui/preferences';
import { ThemeToggle } from '../../ui/ThemeToggle';
import { usePageTitle } from '../../ui/usePageTitle';
import { ZoneToggle } from '../../ui/ZoneToggle';
import { DataState } from './DataState';
import { DaysTable } from './DaysTable';
import { LossTable } from './LossTable';
import styles from './Settings.module.css';
import { texts } from './texts';

const SetupGuide = lazy(async () => ({
  default: (await import('../../parts/setup/SetupGuide')).SetupGuide,
}));

/** How telemetry comes in, what has become of it, and how this page looks. */
export function SettingsPage() {
  const { scope } = useAddress();
  const ports = useOverview().data?.ports;
  usePageTitle(texts.title);
  return (
    <Flow title={texts.title} testId="settings">
      <FlowSection title={texts.data} testId="settings-data">
        <DataState />
      </FlowSection>
      <FlowSection title={texts.losses} testId="settings-losses">
        <LossTable />
      </FlowSection>
      <FlowSection title={texts.days} testId="settings-days">
        <DaysTable />
        <FlowNote>{texts.daysNote}</FlowNote>
      </FlowSection>
      <FlowSection title={texts.retention}>
        <FlowNote>{texts.retentionUnknown}</FlowNote>
        <FlowNote>{texts.retentionHow}</FlowNote>
      </FlowSection>
      <FlowSection title={texts.prices}>
        <FlowNote>{texts.pricesNote}</FlowNote>
        <Link to="/cost" search={scope}>
          {texts.pricesLink}
        </Link>
      </FlowSection>
      <FlowSection title={texts.datasets}>
        <FlowNote>{texts.datasetsNote}</FlowNote>
        <Link to="/datasets" search={scope}>
          {texts.datasetsLink}
        </Link>
      </FlowSection>
      <FlowSection title={texts.connect}>
        <Suspense fallback={<LinesSkeleton lines={12} />}>
          <SetupGuide ports={ports} />
        </Suspense>
      </FlowSection>
      <FlowSection title={texts.appearance}>
        <Appearance />
      </FlowSection>
      <FlowSection title={texts.about} testId="settings-about">
        <About />
      </FlowSection>
    </Flow>
  );
}

function Appearance() {
  const { density } = usePreferences();
  return (
    <FactList
      facts={[
        { label: 'Theme', value: <ThemeToggle /> },
        { label: 'Zone of times', value: <ZoneToggle /> },
        {
          label: 'Rows of runs',
          value: densities.map((one) => (
            <Button
              key={one}
              fit="small"
              aria-pressed={density === one}
              onClick={() => setPreferences({ density: one })}
            >
              {one === 'roomy' ? 'Two lines' : 'One line'}
            </Button>
          )),
        },
      ]}
    />
  );
}

function About() {
  const version = useVersion();
  const unknown = version.isPending ? '…' : texts.unknown;
  return (
    <FactList
      facts={[
        {
          label: 'Version',
          value: version.data ?? unknown,
          ...(version.isError ? { title: version.error.message } : {}),
        },
        { label: 'API', value: <FileLink href="/openapi.json">{texts.apiLink}</FileLink> },
        { label: 'Metrics', value: <FileLink href="/metrics">{texts.metricsLink}</FileLink> },
      ]}
    />
  );
}

/** High enough to be met with a finger, although another one is right below it. */
function FileLink(props: { readonly href: string; readonly children: string }) {
  return (
    <a className={styles.file} href={props.href}>
      {props.children}
    </a>
  );
}
