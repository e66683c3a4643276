import type { JSX } from 'preact';
import { ErrorBoundary, LocationProvider, lazy, Route, Router } from 'preact-iso';
import type { Me } from './api/answers.ts';
import { connectionLost } from './api/live.ts';
import { Mark } from './design/mark.tsx';
import { words } from './language/language.ts';
import { Navigation } from './navigation.tsx';
import { Overview } from './overview/overview.tsx';
import { AccountMenu } from './session/account-menu.tsx';
import { PasswordHint } from './session/password-hint.tsx';
import { openSession, session, simulated } from './session/session.ts';
import { SignIn } from './session/sign-in.tsx';

/** With its chart library, fetched when the first classroom is opened. */
const ClassroomPage = lazy(() => import('./classroom/classroom.tsx'));
const LessonsPage = lazy(() => import('./lessons/lessons.tsx'));
const SchoolPage = lazy(() => import('./school/school.tsx'));
const TimetablePage = lazy(() => import('./timetable/timetable.tsx'));
const IncidentsPage = lazy(() => import('./incidents/incidents.tsx'));
const IncidentPage = lazy(() => import('./incidents/incident.tsx'));
const MaintenancePage = lazy(() => import('./maintenance/maintenance.tsx'));
const VisitsPage = lazy(() => import('./visits/visits.tsx'));

/** The console: a gate, and behind it its pages. */
export function App(): JSX.Element {
  return (
    <>
      {simulated.value && (
        <p class="simulated" role="note">
          {words.value.simulated}
        </p>
      )}
      <Gate />
    </>
  );
}

function Gate(): JSX.Element {
  const now = session.value;
  switch (now.state) {
    case 'checking':
      return <p class="gate-wait">{words.value.loading}</p>;
    case 'unreachable':
      return (
        <main class="gate">
          <p>{words.value.errors.unreachable}</p>
          <button type="button" onClick={openSession}>
            {words.value.retry}
          </button>
        </main>
      );
    case 'out':
      return <SignIn notice={now.notice} />;
    case 'in':
      return <Rooms me={now.me} hint={now.byLink && now.me.hasPassword !== true} />;
  }
}

function Rooms({ me, hint }: { me: Me; hint: boolean }): JSX.Element {
  const t = words.value;
  return (
    <LocationProvider>
      <a class="skip" href="#content">
        {t.skipToContent}
      </a>
      <header class="top">
        <a class="brand" href="/" aria-label={`${t.product}: ${t.toOverview}`}>
          <Mark />
          <span class="brand-zh" lang="zh-CN">
            同堂
          </span>
          <span class="brand-en" lang="en">
            Tongtang
          </span>
        </a>
        <Navigation />
        <p class="connection" role="status">
          {connectionLost.value && t.reconnecting}
        </p>
        <AccountMenu me={me} />
      </header>
      {hint && <PasswordHint me={me} />}
      <main id="content" tabIndex={-1}>
        <ErrorBoundary>
          <Router>
            <Route path="/" component={Overview} me={me} />
            <Route path="/classrooms/:county/:school/:classroom" component={ClassroomPage} me={me} />
            <Route path="/lessons" component={LessonsPage} />
            <Route path="/schools/:county/:school" component={SchoolPage} me={me} />
            <Route path="/timetable" component={TimetablePage} />
            <Route path="/incidents" component={IncidentsPage} />
            <Route path="/incidents/:id" component={IncidentPage} />
            <Route path="/maintenance" component={MaintenancePage} />
            <Route path="/visits" component={VisitsPage} />
            <Route default component={NotFound} />
          </Router>
        </ErrorBoundary>
      </main>
    </LocationProvider>
  );
}

function NotFound(): JSX.Element {
  return (
    <div class="empty">
      <h1>{words.value.notFound}</h1>
      <a href="/">{words.value.toOverview}</a>
    </div>
  );
}
