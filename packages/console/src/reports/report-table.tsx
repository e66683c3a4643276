import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { County } from '../api/answers.ts';
import type { ReportHead } from '../api/report-answers.ts';
import { inLanguage, words } from '../language/language.ts';
import { chosen, inOrder, type Order, type OrderColumn, orderColumns } from './order.ts';
import { ReportState } from './report-state.tsx';
import { fileAddress, makerName, momentText, reportAddress, reportName } from './report-text.ts';
import { percentText } from './share.ts';

type ReportTableProps = Readonly<{ reports: readonly ReportHead[]; counties: readonly County[] }>;

/** Reports in an order that can be chosen; what awaits approval first. */
export function ReportTable({ reports, counties }: ReportTableProps): JSX.Element {
  const t = words.value.reports;
  const order = useSignal<Order>({ by: 'period', descending: true });
  const heading = (by: OrderColumn): JSX.Element => (
    <SortHeading by={by} order={order.value} choose={() => (order.value = chosen(order.value, by))} />
  );
  return (
    <>
      <SortChoice order={order.value} choose={(next) => (order.value = next)} />
      <table class="reports sheet" aria-label={t.title}>
        <thead>
          <tr>
            {heading('period')}
            <th scope="col">{t.columns.state}</th>
            {heading('availability')}
            {heading('coverage')}
            {heading('made')}
            <th scope="col">{t.columns.download}</th>
          </tr>
        </thead>
        <tbody>
          {inOrder(reports, order.value).map((report) => (
            <ReportRow
              key={report.id}
              report={report}
              county={counties.find(({ id }) => id === report.county)}
            />
          ))}
        </tbody>
      </table>
    </>
  );
}

type SortHeadingProps = Readonly<{ by: OrderColumn; order: Order; choose: () => void }>;

function SortHeading({ by, order, choose }: SortHeadingProps): JSX.Element {
  const isChosen = order.by === by;
  return (
    <th scope="col" aria-sort={isChosen ? (order.descending ? 'descending' : 'ascending') : 'none'}>
      <button type="button" class="quiet" onClick={choose}>
        {words.value.reports.columns[by]}
        <span aria-hidden="true">{isChosen ? (order.descending ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </th>
  );
}

/** On a phone, where the table has no head. */
function SortChoice({
  order,
  choose,
}: Readonly<{ order: Order; choose: (order: Order) => void }>): JSX.Element {
  const t = words.value.reports;
  const orders = orderColumns.flatMap((by) => [true, false].map((descending): Order => ({ by, descending })));
  const at = orders.findIndex(({ by, descending }) => by === order.by && descending === order.descending);
  return (
    <select
      class="report-sort"
      aria-label={t.sortBy}
      value={at}
      onChange={(event) => choose(orders[Number(event.currentTarget.value)] ?? order)}
    >
      {orders.map(({ by, descending }, index) => (
        <option key={`${by} ${descending}`} value={index}>
          {t.columns[by]} {descending ? '↓' : '↑'}
        </option>
      ))}
    </select>
  );
}

function ReportRow({ report, county }: { report: ReportHead; county: County | undefined }): JSX.Element {
  const t = words.value.reports;
  const { id, period, scope, figures, newest, current, state, madeAt, madeBy } = report;
  return (
    <tr class={`report is-${state}`}>
      <td class="report-what">
        <a href={reportAddress(id)}>{inLanguage(period.title)}</a>
        <span>
          {inLanguage(scope.name)} <span class="hint">{t.scopes[scope.kind]}</span>
        </span>
      </td>
      <td class="report-state">
        <ReportState state={state} />
        {current !== undefined && current !== newest && <span class="hint">{t.stillCurrent(current)}</span>}
      </td>
      <td class="report-availability" data-label={t.columns.availability}>
        {percentText(figures.availability)}
      </td>
      <td class="report-coverage" data-label={t.columns.coverage}>
        {t.known(percentText(figures.coverage))}
      </td>
      <td class="report-made">
        {t.revision(newest)}
        <span class="hint">{t.madeBy(momentText(madeAt, county), makerName(madeBy))}</span>
      </td>
      <td class="report-files">
        {current !== undefined &&
          (['pdf', 'xlsx'] as const).map((format) => (
            <a
              key={format}
              href={fileAddress({ id, revision: current, format })}
              download
              aria-label={`${t.columns.download}: ${reportName(report)}, ${format.toUpperCase()}`}
            >
              {format.toUpperCase()}
            </a>
          ))}
      </td>
    </tr>
  );
}
