import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { ErrorBoundary, LocationProvider, lazy, Route, Router, useLocation } from 'preact-iso';
import type { Me, Role } from './api/answers.ts';
import { connectionLost } from './api/live.ts';
import { Mark } from './design/mark.tsx';
import { words } from './language/language.ts';
import { homeOf, Navigation } from './navigation.tsx';
import { Overview } from './overview/overview.tsx';
import { isForOthers } from './parts.ts';
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
const ReportsPage = lazy(() => import('./reports/reports.tsx'));
const ReportPage = lazy(() => import('./reports/report.tsx'));
const SchedulePage = lazy(() => import('./reports/schedule.tsx'));

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
  const home = homeOf(me.role);
  return (
    <LocationProvider>
      <a class="skip" href="#content">
        {t.skipToContent}
      </a>
      <header class="top">
        <a class="brand" href={home.address} aria-label={`${t.product}: ${home.name}`}>
          <Mark />
          <span class="brand-zh" lang="zh-CN">
            同堂
          </span>
          <span class="brand-en" lang="en">
            Tongtang
          </span>
        </a>
        <Navigation role={me.role} />
        <p class="connection" role="status">
          {connectionLost.value && t.reconnecting}
        </p>
        <AccountMenu me={me} />
      </header>
      {hint && <PasswordHint me={me} />}
      <main id="content" tabIndex={-1}>
        <ErrorBoundary>
          <Pages me={me} />
        </ErrorBoundary>
      </main>
    </LocationProvider>
  );
}

function Pages({ me }: { me: Me }): JSX.Element {
  const { path } = useLocation();
  if (isForOthers(path, me.role))
    return path === '/' ? <ToHome role={me.role} /> : <ForOthers role={me.role} />;
  return (
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
      <Route path="/reports" component={ReportsPage} me={me} />
      <Route path="/reports/schedule" component={SchedulePage} me={me} />
      <Route path="/reports/:id" component={ReportPage} me={me} />
      <Route default component={NotFound} me={me} />
    </Router>
  );
}

/** Whoever does not begin with the overview is led to where they do. */
function ToHome({ role }: { role: Role }): null {
  const { route } = useLocation();
  useEffect(() => route(homeOf(role).address, true), [role]);
  return null;
}

/** There is such a page, for people with another role. */
function ForOthers({ role }: { role: Role }): JSX.Element {
  const t = words.value;
  const { address, name } = homeOf(role);
  return (
    <div class="empty">
      <h1>{t.forOthers}</h1>
      <p>{t.forOthersMore}</p>
      <a href={address}>{name}</a>
    </div>
  );
}

function NotFound({ me }: { me: Me }): JSX.Element {
  const { address, name } = homeOf(me.role);
  return (
    <div class="empty">
      <h1>{words.value.notFound}</h1>
      <a href={address}>{name}</a>
    </div>
  );
}
